import type { Backlog } from "../load/line-clock.ts";
import { shareOf } from "../load/load-plan.ts";
import { type Load, longOutageSeconds, type RunnableScenario } from "./scenario.ts";

const sevenDaysMs = 7 * 86_400_000;
/** Loki takes no line that is older than 7 days by default; the sentinel has to arrive, so it is younger by this. */
const sentinelMarginMs = 10 * 60_000;

/**
 * A long outage in a short time. What decides after such an outage are ages: Loki's limits go by the times of lines, Kafka's retention
 * by the times of records. So lines that are written while the outage is held for seconds carry times that spread over its whole
 * length and end when it does, and everything on their way takes them for that old.
 */
export interface TimeLapse {
  outageSeconds: number;
  backlog: Backlog;
}

/** The lapse a run needs; undefined for one that is about no long outage. */
export function timeLapseOf(scenario: RunnableScenario, load: Load, sources: number): TimeLapse | undefined {
  const outageSeconds = longOutageSeconds(scenario);
  const [first] = scenario.faults;
  if (outageSeconds === undefined || first?.until === undefined) return undefined;
  const spanMs = outageSeconds * 1_000;
  const lines = Math.max(1, Math.round(first.until * shareOf(load.lines, 0, sources)));
  const sentinelAgeMs = Math.min(spanMs + spanMs / lines, sevenDaysMs - sentinelMarginMs);
  return { outageSeconds, backlog: { lines, spanMs, sentinelAgeMs } };
}
