import type { RunDocument } from "../judge/run-document.ts";
import type { Timeline } from "../judge/timeline-document.ts";

/** One line of a run's journal. */
export interface ReportedEvent {
  /** ISO 8601, UTC. */
  at: string;
  event: string;
  [detail: string]: unknown;
}

/** A file of the pipeline in the form in which it was started. */
export interface ReportedFile {
  /** Its name in the folder `pipeline/` of the run. */
  name: string;
  text: string;
  /** How many bytes it has in all; `text` may be its beginning. */
  bytes: number;
}

/** A run as stored in its folder: everything that a report can use. The run's redactor has processed every text in it. */
export interface ReportedRun {
  document: RunDocument;
  /** Undefined if the run was stored by a version that kept none. */
  timeline: Timeline | undefined;
  journal: ReportedEvent[];
  files: ReportedFile[];
}
