import type { WriteStream } from "node:tty";
import type { Verdict } from "../../plan/verdict.ts";
import type { RunStatus } from "../../run/run-request.ts";
import type { JournalEvent } from "../../store/journal.ts";
import { wantsColour } from "./colour.ts";
import { LiveProgress } from "./live-progress.ts";
import { PlainProgress } from "./plain-progress.ts";

/** Shows the progress of one run on stderr. */
export interface Progress {
  onStatus(status: RunStatus): void;
  /** Of the journal, only entries for people are shown: the preparation of an image, and what went wrong at the end. */
  onEvent(event: JournalEvent): void;
  /** The run has ended, with or without a verdict; later events are ignored. */
  end(verdict?: Verdict): void;
}

/** The progress of a run: one line that is overwritten if the terminal supports it, successive lines otherwise. */
export function progressOn(stream: WriteStream, title: string): Progress {
  const isLive = stream.isTTY && process.env.TERM !== "dumb";
  return isLive
    ? new LiveProgress(stream, title, { colour: wantsColour(stream) })
    : new PlainProgress(stream, title);
}
