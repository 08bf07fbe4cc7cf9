import type { Verdict } from "../../plan/verdict.ts";
import type { RunStatus } from "../../run/run-request.ts";
import type { JournalEvent } from "../../store/journal.ts";

/** Shows the progress of one run on stderr. */
export interface Progress {
  onStatus(status: RunStatus): void;
  /** Of the journal, only entries for people are shown: the preparation of an image, and what went wrong at the end. */
  onEvent(event: JournalEvent): void;
  /** The run has ended, with or without a verdict; later events are ignored. */
  end(verdict?: Verdict): void;
}
