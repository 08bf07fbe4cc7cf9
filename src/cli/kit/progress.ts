import type { WriteStream } from "node:tty";
import type { Verdict } from "../../plan/verdict.ts";
import type { RunStatus } from "../../run/run-request.ts";
import type { JournalEvent } from "../../store/journal.ts";
import { wantsColour } from "./colour.ts";
import { LiveProgress } from "./live-progress.ts";
import { PlainProgress } from "./plain-progress.ts";

/** Tells on stderr how far one run has come. */
export interface Progress {
  onStatus(status: RunStatus): void;
  /** Of the journal only what is written for people is told: making an image ready, and what went wrong at the end. */
  onEvent(event: JournalEvent): void;
  /** The run has come to a verdict, or, without one, to nothing; what comes later is left out. */
  end(verdict?: Verdict): void;
}

/** The progress of a run: a line that is written over in a terminal that can do so, lines one below the other elsewhere. */
export function progressOn(stream: WriteStream, title: string): Progress {
  const isLive = stream.isTTY && process.env.TERM !== "dumb";
  return isLive
    ? new LiveProgress(stream, title, { colour: wantsColour(stream) })
    : new PlainProgress(stream, title);
}
