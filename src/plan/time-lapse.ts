import type { Backlog } from "../load/line-clock.ts";
import { shareOf } from "../load/load-plan.ts";
import { type Load, longOutageSeconds, type RunnableScenario } from "./scenario.ts";

const sevenDaysMs = 7 * 86_400_000;
/** By default Loki refuses lines older than 7 days. The sentinel has to arrive, so it is younger than that by this margin. */
const sentinelMarginMs = 10 * 60_000;

/**
 * Simulates a long outage in a short time. After such an outage the age of lines is what matters: Loki's limits depend on the times of
 * lines, and Kafka's retention on the times of records. The outage is held for seconds only, but the lines written meanwhile carry times
 * that spread over its full length and end when it ends. Every part that they pass treats them as lines of that age.
 */
export interface TimeLapse {
  outageSeconds: number;
  backlog: Backlog;
}

/** The time lapse of a run; undefined if it simulates no long outage. */
export function timeLapseOf(scenario: RunnableScenario, load: Load, sources: number): TimeLapse | undefined {
  const outageSeconds = longOutageSeconds(scenario);
  const [first] = scenario.faults;
  if (outageSeconds === undefined || first?.until === undefined) return undefined;
  const spanMs = outageSeconds * 1_000;
  const lines = Math.max(1, Math.round(first.until * shareOf(load.lines, 0, sources)));
  const sentinelAgeMs = Math.min(spanMs + spanMs / lines, sevenDaysMs - sentinelMarginMs);
  return { outageSeconds, backlog: { lines, spanMs, sentinelAgeMs } };
}
