import { matchesGlob } from "node:path";
import type { ShipperPatience } from "./shipper-patience.ts";

/** Files that a shipper reads, and what it labels their lines with. */
export interface ShippedFiles {
  /** Paths in its container, with wildcards. */
  globs: string[];
  excluded: string[];
  /** Labels that every stream of these files has in Loki. */
  labels: Record<string, string>;
  /** Labels that every stream has, with values that are not known. */
  varyingLabels?: string[];
  /** Whether each stream has the path of its file as the label `filename`. */
  hasFilename: boolean;
  /** The setting by which lines are skipped that a file has when it is found; undefined if files are read from their beginning. */
  startsAtEnd?: string | undefined;
  /** `X-Scope-OrgID` of these lines, if they have one of their own. */
  tenant?: string | undefined;
  lines?: LineHandling | undefined;
  /** The same, if these are the files in which Docker keeps the output of containers. */
  linesOfContainers?: LineHandling | undefined;
}

/** What a shipper does to lines between reading and sending them. */
export interface LineHandling {
  /** A template of lines which its parsing stages take; undefined if it takes the lines of a run as they are. */
  template?: string | undefined;
  /** Why there is no template although lines of a run are not what its stages expect, as a part of a sentence. */
  whyNoTemplate?: string | undefined;
  /** Whether it takes lines out of what a container engine writes around them. */
  unwraps: boolean;
  /** What a run of it has to expect, each a whole sentence without its full stop. */
  notes: string[];
}

/** Containers whose stdout a shipper gets from the engine's API. */
export interface ShippedContainers {
  /** Labels that every stream of these containers has. */
  labels: Record<string, string>;
  /** Labels that every stream has, with a value that depends on the container. */
  varyingLabels: string[];
  /** The label among these that has the name of the Compose service. */
  serviceLabel?: string | undefined;
  wants: WantedContainers;
  tenant?: string | undefined;
  lines?: LineHandling | undefined;
}

/** By what a shipper selects containers; all of them if nothing is given. */
export interface WantedContainers {
  /** Container labels and their values. */
  labels: Record<string, string>;
  /** Anchored regular expressions for the name of the Compose service, and for the name of the container. */
  services: string[];
  names: string[];
}

/** A topic of Kafka that a shipper writes to, or reads from. */
export interface ShippedTopic {
  brokers: string[];
  topic: string;
  group?: string | undefined;
}

/** What a shipper's own configuration says about where lines come from and where they go. */
export interface ShipperSettings {
  reads: ShippedFiles[];
  /** Whether it may also read other files, which are known only at run time. */
  isDynamic: boolean;
  /** Containers that it reads by the engine's API. */
  containers?: ShippedContainers[];
  /** What else it takes lines from, such as `syslog`. */
  others?: string[];
  /** Topics that it reads, and writes to. */
  topicsRead?: ShippedTopic[];
  topicsWritten?: ShippedTopic[];
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
