import { pause } from "../pause.ts";

/** How a run waits for what is still under way. */
export interface SettleRules {
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
  /** Whether something is on its way for certain, though nothing moves; asked when it has been quiet. */
  isUnderWay(): Promise<boolean>;
}

/** Why settling ended. */
export type Settled = "complete" | "quiet" | "deadline";

const probeMs = 20;

/** Waits until all has arrived, nothing has moved for a while, or the deadline. */
export async function settle(settling: Settling, rules: SettleRules, signal: AbortSignal): Promise<Settled> {
  const startedAtMs = Date.now();
  let quietSinceMs = startedAtMs;
  while (!settling.isComplete()) {
    const nowMs = Date.now();
    if (nowMs - startedAtMs > rules.deadlineMs) return "deadline";
    if (nowMs - Math.max(quietSinceMs, settling.lastMovedAtMs()) > rules.quietMs) {
      if (!(await settling.isUnderWay())) return "quiet";
      quietSinceMs = nowMs;
    }
    await pause(probeMs, signal);
  }
  return "complete";
}
