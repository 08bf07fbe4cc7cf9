import { pause } from "../pause.ts";

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

/** Why settling ended. */
export type Settled = "complete" | "quiet" | "deadline";

const probeMs = 20;

/** Waits until all has arrived, nothing has moved for a while, or the deadline. */
export async function settle(settling: Settling, rules: SettleRules, signal: AbortSignal): Promise<Settled> {
  const startedAtMs = Date.now();
  let quietSinceMs = startedAtMs;
  let askedAtMs = startedAtMs;
  while (!settling.isComplete()) {
    const nowMs = Date.now();
    if (nowMs - startedAtMs > rules.deadlineMs) return "deadline";
    quietSinceMs = Math.max(quietSinceMs, settling.lastMovedAtMs());
    if (nowMs - Math.max(quietSinceMs, askedAtMs) > rules.askAfterMs) {
      const isUnderWay = await settling.isUnderWay();
      if (isUnderWay === false) return "quiet";
      askedAtMs = nowMs;
      if (isUnderWay) quietSinceMs = nowMs;
    }
    if (nowMs - quietSinceMs > rules.quietMs) return "quiet";
    await pause(probeMs, signal);
  }
  return "complete";
}
