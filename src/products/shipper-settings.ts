import { matchesGlob } from "node:path";
import type { ShipperPatience } from "./shipper-patience.ts";

/** Files that a shipper reads, and what it labels their lines with. */
export interface ShippedFiles {
  /** Paths in its container, with wildcards. */
  globs: string[];
  excluded: string[];
  /** Labels that every stream of theirs has in Loki. */
  labels: Record<string, string>;
  /** Whether Loki knows the path of each file as the label `filename`. */
  hasFilename: boolean;
}

/** What a shipper's own configuration says of where lines come from and where they go. */
export interface ShipperSettings {
  reads: ShippedFiles[];
  /** Whether it may read other files as well, which only a running one knows. */
  isDynamic: boolean;
  /** Where it pushes to, as far as that is known. */
  pushUrls: string[];
  /** `X-Scope-OrgID` of its pushes. */
  tenant?: string | undefined;
  /** How long it waits between tries, where that is plainly there. */
  patience?: ShipperPatience | undefined;
}

/** Those of a shipper's files among which one at a path would be. */
export function readingOf({ reads }: ShipperSettings, path: string): ShippedFiles[] {
  return reads.filter(
    ({ globs, excluded }) =>
      globs.some((glob) => matchesGlob(path, glob)) && !excluded.some((glob) => matchesGlob(path, glob)),
  );
}
