import { type Measurement, type Quantity, quantities } from "../store/measurement.ts";
import { row } from "./markdown.ts";

/** What each quantity is, in a few words. */
const names: Record<Quantity, string> = {
  throughput: "highest rate without loss",
  gateway: "highest rate of the gateway and Kafka alone",
  latency: "delivery latency",
  overload: "twice the highest rate for a minute",
  outage: "longest outage without loss",
  backlog: "time to deliver a backlog",
  reliability: "share of lines delivered over random faults",
  soak: "long run without a fault",
  "lines-a-day": "lines a day",
  "bytes-a-day": "bytes a day",
};

/** The first of these that a measurement came to is shown: a claim that was refuted once is not restored by a run that showed nothing. */
const byWeight: readonly Measurement["verdict"][] = ["broken", "holds", "unknown"];

/**
 * What is known of each quantity of each pipeline: the newest measurement with the weightiest verdict, of those with the same versions as the newest.
 * Pipelines come in the order of `pipelines`, quantities in theirs.
 */
export function weightiestOf(
  measurements: readonly Measurement[],
  pipelines?: readonly string[],
): Measurement[] {
  const of = pipelines ?? [...new Set(measurements.map(({ pipeline }) => pipeline))];
  const newestFirst = measurements.toSorted((one, other) => other.at.localeCompare(one.at));
  return of.flatMap((pipeline) =>
    quantities.flatMap((quantity) => {
      const [newest, ...earlier] = newestFirst.filter(
        (one) => one.pipeline === pipeline && one.quantity === quantity,
      );
      if (newest === undefined) return [];
      const versions = newest.images.join();
      const comparable = [newest, ...earlier.filter(({ images }) => images.join() === versions)];
      return byWeight.flatMap((verdict) => comparable.filter((one) => one.verdict === verdict)).slice(0, 1);
    }),
  );
}

/** Measurements as a Markdown table: what was claimed beside what was measured. */
export function renderCapacities(measurements: readonly Measurement[]): string {
  return [
    row(["pipeline", "what", "claimed", "measured", "verdict"]),
    row(Array.from({ length: 5 }, () => "---")),
    ...measurements.map(({ pipeline, quantity, claimed, measured, verdict }) =>
      row([pipeline, names[quantity], claimed ?? "nothing", measured, `**${verdict}**`]),
    ),
  ].join("\n");
}
