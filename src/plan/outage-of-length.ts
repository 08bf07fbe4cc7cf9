import { describeDuration, parseDurationSeconds } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import type { Planned } from "./choose-runs.ts";
import type { RunnableScenario } from "./scenario.ts";

/** A long outage whose retry periods are scaled down is held for this long. Starting a sink takes seconds, which are scaled as well. */
const heldSeconds = 30;
/** Scaled retries say nothing of what depends on the age of lines, such as the retention of a queue or the oldest lines that a sink takes. */
const longestScaledSeconds = 86_400;

/**
 * A scenario whose outage lasts as long as wanted: simulated by the times of lines if the scenario does so, and otherwise with the shipper's
 * retry periods scaled down, unless it is short.
 *
 * @param outage a duration, such as `30m`
 * @returns undefined if the length of its first fault follows from its load
 * @throws UsageError if the duration is not valid, or too long for the scenario
 */
function withOutageOf(scenario: RunnableScenario, outage: string): RunnableScenario | undefined {
  const seconds = parseDurationSeconds(outage);
  if (scenario.outage === undefined) return undefined;
  const summary = `With an outage of ${describeDuration(seconds)} instead: ${scenario.summary}`;
  if ("lasts" in scenario.outage) return { ...scenario, summary, outage: { lasts: outage } };
  if (seconds > longestScaledSeconds)
    throw new UsageError(
      `an outage of ${scenario.name} is at most ${describeDuration(longestScaledSeconds)} long, because the shipper's retries are scaled and the age of lines is not, got ${outage}; longer ones need a scenario like sink-down-24h.`,
    );
  return {
    ...scenario,
    summary,
    outage: { holds: outage },
    timeScale: Math.min(1, heldSeconds / seconds),
  };
}

/**
 * A row of the guarantees table with an outage of another length. With it the scenario is another one, and tests another claim: the same promise for that length.
 *
 * @param outage a duration, such as `30m`
 * @returns undefined if the length of the scenario's first fault follows from its load
 * @throws UsageError if the duration is not valid, or too long for the scenario
 */
export function plannedWithOutage({ scenario, claim }: Planned, outage: string): Planned | undefined {
  const changed = withOutageOf(scenario, outage);
  if (changed === undefined) return undefined;
  const { row: _, ...rest } = claim;
  const text = `With an outage of ${describeDuration(parseDurationSeconds(outage))} instead: ${claim.text}`;
  return { scenario: changed, claim: { ...rest, id: `${claim.id}@${outage}`, text } };
}

/**
 * The cases whose outage is to get another length. Those that differ by their length only become one: the first whose outage has a length of
 * its own, or else the first, unless some are named.
 *
 * @param names what the caller asked for
 */
export function casesToSetLength(planned: readonly Planned[], names: readonly string[]): Planned[] {
  const scenarios = Map.groupBy(
    planned,
    ({ scenario, claim }) => `${claim.pipeline}/${scenario.scenario.name}`,
  );
  return [...scenarios.values()].flatMap((cases) => {
    const named = cases.filter(({ scenario }) => names.includes(scenario.name));
    if (named.length > 0) return named;
    const ofLength = cases.find(({ scenario: { outage } }) => outage !== undefined && !("of" in outage));
    return [ofLength ?? cases[0]!];
  });
}
