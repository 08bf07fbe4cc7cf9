import type { RunDocument } from "../judge/run-document.ts";
import type { Timeline } from "../judge/timeline-document.ts";

/** One line of a run's journal. */
export interface ReportedEvent {
  /** ISO 8601, UTC. */
  at: string;
  event: string;
  [detail: string]: unknown;
}

/** A file of the pipeline as it was started. */
export interface ReportedFile {
  /** Its name in the folder `pipeline/` of the run. */
  name: string;
  text: string;
  /** How many bytes it has in all; `text` may be its beginning. */
  bytes: number;
}

/** A run as its folder tells of it: whatever a report can be made of. Every text in it has been through the run's redactor. */
export interface ReportedRun {
  document: RunDocument;
  /** Undefined where a run was stored by a version that kept none. */
  timeline: Timeline | undefined;
  journal: ReportedEvent[];
  files: ReportedFile[];
}
