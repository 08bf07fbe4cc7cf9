import { pause } from "../base/abortable-pause.ts";

/** How a run waits for what is still under way. */
export interface SettleRules {
  /** When nothing has moved for this long it is asked whether something is on its way. */
  askAfterMs: number;
  /** Nothing has moved for this long: it will not. */
  quietMs: number;
  /** Enough, whatever still moves. */
  deadlineMs: number;
}

/** What settling looks at. */
export interface Settling {
  isComplete(): boolean;
  /** Unix milliseconds. */
  lastMovedAtMs(): number;
  /** Whether something is on its way, though nothing moves; undefined if nobody can tell. */
  isUnderWay(): Promise<boolean | undefined>;
}

/** Why settling ended, and how things stood then. */
export interface Settled {
  /** `quiet`: nothing will come any more. `deadline`: something may. */
  why: "complete" | "quiet" | "deadline";
  /** How long it was waited for. */
  waitedMs: number;
  /** How long nothing had moved. */
  silentMs: number;
  /** Whether something was known to be on its way when it was last asked. */
  isUnderWay: boolean;
}

const probeMs = 20;

/** Waits until all has arrived, nothing has moved for a while, or the deadline. */
export async function settle(settling: Settling, rules: SettleRules, signal: AbortSignal): Promise<Settled> {
  const startedAtMs = Date.now();
  let quietSinceMs = startedAtMs;
  let askedAtMs = startedAtMs;
  let isUnderWay: boolean | undefined = false;
  for (;;) {
    const nowMs = Date.now();
    const movedAtMs = Math.max(startedAtMs, settling.lastMovedAtMs());
    const ended = (why: Settled["why"]): Settled => ({
      why,
      waitedMs: nowMs - startedAtMs,
      silentMs: nowMs - movedAtMs,
      isUnderWay: isUnderWay === true,
    });
    if (settling.isComplete()) return ended("complete");
    if (nowMs - startedAtMs > rules.deadlineMs) return ended("deadline");
    quietSinceMs = Math.max(quietSinceMs, movedAtMs);
    if (nowMs - Math.max(quietSinceMs, askedAtMs) > rules.askAfterMs) {
      isUnderWay = await settling.isUnderWay();
      if (isUnderWay === false) return ended("quiet");
      askedAtMs = nowMs;
      if (isUnderWay) quietSinceMs = nowMs;
    }
    if (nowMs - quietSinceMs > rules.quietMs) return ended("quiet");
    await pause(probeMs, signal);
  }
}
