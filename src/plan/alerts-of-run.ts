import { UsageError } from "../base/errors.ts";
import { kindOf } from "../faults/registry.ts";
import { monitoringPartsOf } from "../pipeline/monitoring.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Plan } from "./plan.ts";
import type { RunLoad } from "./run-load.ts";
import type { RunnableScenario, ScheduledFault } from "./scenario.ts";

/** That alerts are to be observed. */
export interface AlertsWanted {
  /** Whether a loss that no alert notices breaks the claim. */
  expected: boolean;
}

/** What else decides about the alerts of a run. */
export type AlertsContext = RunLoad & { scenario: RunnableScenario };

/**
 * The smallest factor by which periods are multiplied. Metrics are read at most twice a second, and a rule that looks at five minutes of them
 * is to see six values.
 */
const smallestScale = 1 / 100;

/**
 * What a run observes of alerts. Their periods are scaled as the shipper's retries are, and in a time lapse as the outage is, though by
 * `smallestScale` at least.
 *
 * @throws UsageError if nothing watches the pipeline
 */
export function alertsOf(
  { expected }: AlertsWanted,
  { name, layout, monitoring, ownMonitoring, deployment }: Pipeline,
  context: AlertsContext,
): NonNullable<Plan["alerts"]> {
  // The user's own rules have their own periods, and which there are is known only once their Prometheus runs.
  if (ownMonitoring !== undefined) return { timeScale: 1, ruleSets: [], expected };
  if (monitoring === undefined && deployment.kind === "own")
    throw new UsageError(
      `expected a Prometheus that watches ${name} for alerts, but ${deployment.configFile} names none. Add \`monitoring: { prometheus: SERVICE }\` ` +
        "with the service of your Compose file that runs it, or omit --alerts and --expect-alerts.",
    );
  if (monitoring === undefined)
    throw new UsageError(
      `nothing watches the layout ${layout} of ${name} for alerts; omit --alerts and --expect-alerts, or choose another pipeline.`,
    );
  return {
    timeScale: Math.max(smallestScale, context.timeScale * lapseScale(context)),
    ruleSets: monitoring.ruleSets,
    expected,
    ...(context.scenario.mustFire !== undefined && { mustFire: context.scenario.mustFire }),
  };
}

/**
 * Makes sure that a run in which alerts are not observed has no fault on what watches the pipeline, as that does not run then.
 *
 * @throws UsageError naming the fault
 */
export function assertNoneOnMonitoring(faults: readonly ScheduledFault[], pipeline: Pipeline): void {
  const { monitoring } = pipeline;
  if (monitoring === undefined) return;
  const watching = monitoringPartsOf(monitoring).flatMap(({ services }) => Object.keys(services));
  for (const fault of faults)
    if (
      kindOf(fault)
        .touches(fault, pipeline)
        .some((service) => watching.includes(service))
    )
      throw new UsageError(
        `the fault ${fault.kind} ${fault.target} acts on what watches ${pipeline.name}, which runs only if alerts are observed; add --alerts.`,
      );
}

/** How much shorter a lapsed outage is than the one that it stands for; 1 without a lapse. */
function lapseScale({ scenario, load, lapse }: AlertsContext): number {
  const [first] = scenario.faults;
  if (lapse === undefined || first?.until === undefined) return 1;
  return ((first.until - first.at) * load.lines) / load.linesPerSecond / lapse.outageSeconds;
}
