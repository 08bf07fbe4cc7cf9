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
};

/** The newest measurement of each quantity of each pipeline: pipelines in the order of `pipelines`, quantities in theirs. */
export function newestOf(measurements: readonly Measurement[], pipelines?: readonly string[]): Measurement[] {
  const of = pipelines ?? [...new Set(measurements.map(({ pipeline }) => pipeline))];
  return of.flatMap((pipeline) =>
    quantities.flatMap(
      (quantity) =>
        measurements
          .filter((one) => one.pipeline === pipeline && one.quantity === quantity)
          .toSorted((one, other) => one.at.localeCompare(other.at))
          .at(-1) ?? [],
    ),
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
