import { matchesGlob } from "node:path";
import type { ShipperPatience } from "./shipper-patience.ts";

/** Files that a shipper reads, and what it labels their lines with. */
export interface ShippedFiles {
  /** Paths in its container, with wildcards. */
  globs: string[];
  excluded: string[];
  /** Labels that every stream of these files has in Loki. */
  labels: Record<string, string>;
  /** Whether each stream has the path of its file as the label `filename`. */
  hasFilename: boolean;
}

/** What a shipper's own configuration says about where lines come from and where they go. */
export interface ShipperSettings {
  reads: ShippedFiles[];
  /** Whether it may also read other files, which are known only at run time. */
  isDynamic: boolean;
  /** Where it pushes to, if known. */
  pushUrls: string[];
  /** `X-Scope-OrgID` of its pushes. */
  tenant?: string | undefined;
  /** How long it waits between retries, if the configuration states it explicitly. */
  patience?: ShipperPatience | undefined;
}

/** The file patterns of a shipper that match a path. */
export function readingOf({ reads }: ShipperSettings, path: string): ShippedFiles[] {
  return reads.filter(
    ({ globs, excluded }) =>
      globs.some((glob) => matchesGlob(path, glob)) && !excluded.some((glob) => matchesGlob(path, glob)),
  );
}
