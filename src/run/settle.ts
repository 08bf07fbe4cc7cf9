import { pause } from "../base/abortable-pause.ts";

/** How a run waits for lines that are still in flight. */
export interface SettleRules {
  /** If nothing has moved for this long, `isUnderWay` is called. */
  askAfterMs: number;
  /** If nothing has moved for this long, no more lines are expected. */
  quietMs: number;
  /** The maximum duration of the wait, even if lines still arrive. */
  deadlineMs: number;
}

/** What settling observes. */
export interface Settling {
  isComplete(): boolean;
  /** Unix milliseconds. */
  lastMovedAtMs(): number;
  /** Whether lines are in flight although nothing moves; undefined if this cannot be determined. */
  isUnderWay(): Promise<boolean | undefined>;
  /** Whether the sink holds every line, although not all have been seen to arrive. Asked if it is not known whether lines are in flight. */
  isAllStored?(): Promise<boolean>;
}

/** Why settling ended, and the state at that time. */
export interface Settled {
  /** `quiet`: no more lines will arrive. `deadline`: more lines may arrive. */
  why: "complete" | "quiet" | "deadline";
  /** How long the wait took. */
  waitedMs: number;
  /** How long nothing had moved. */
  silentMs: number;
  /** Whether lines were known to be in flight at the last check. */
  isUnderWay: boolean;
}

const probeMs = 20;

/** Waits until all lines have arrived, nothing has moved for a while, or the deadline is reached. */
export async function settle(settling: Settling, rules: SettleRules, signal: AbortSignal): Promise<Settled> {
  const startedAtMs = Date.now();
  let quietSinceMs = startedAtMs;
  let askedAtMs = startedAtMs;
  let isUnderWay: boolean | undefined = false;
  for (;;) {
    const nowMs = Date.now();
    const movedAtMs = Math.max(startedAtMs, settling.lastMovedAtMs());
    // What is asked may take a while, which is part of the wait.
    const ended = (why: Settled["why"]): Settled => ({
      why,
      waitedMs: Date.now() - startedAtMs,
      silentMs: Date.now() - movedAtMs,
      isUnderWay: isUnderWay === true,
    });
    if (settling.isComplete()) return ended("complete");
    if (nowMs - startedAtMs > rules.deadlineMs) return ended("deadline");
    quietSinceMs = Math.max(quietSinceMs, movedAtMs);
    if (nowMs - Math.max(quietSinceMs, askedAtMs) > rules.askAfterMs) {
      isUnderWay = await settling.isUnderWay();
      if (isUnderWay === false) return ended("quiet");
      // While lines still become readable, reading all of them would take longer than waiting for the rest.
      const hasMoved = settling.lastMovedAtMs() > movedAtMs;
      if (isUnderWay === undefined && !hasMoved && (await settling.isAllStored?.())) return ended("complete");
      askedAtMs = nowMs;
      if (isUnderWay) quietSinceMs = nowMs;
    }
    if (nowMs - quietSinceMs > rules.quietMs) return ended("quiet");
    await pause(probeMs, signal);
  }
}
