import { describeDuration } from "../../base/duration.ts";
import { findKind } from "../../faults/registry.ts";
import type { FaultRecord } from "../../judge/fault-record.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { sinkNameOf } from "./names.ts";

/** The names of targets for readers who do not know the configuration. */
const targetNames: Record<string, string> = {
  shipper: "the log shipper",
  gateway: "the gateway",
  kafka: "Kafka",
  "kafka-leader": "Kafka's leading broker",
  "kafka-pair": "a pair of Kafka's brokers",
  consumer: "the consumer",
  app: "the application",
  "site-a": "the first site",
  source: "the log file",
};
const maxNamed = 2;

/**
 * What was done to the pipeline, as a clause such as "the sink was stopped for 12 s"; undefined if no fault took effect. Faults of one kind on one
 * target are mentioned together.
 */
export function describeFaults({ faults, timeLapse, plan }: RunDocument): string | undefined {
  const names = namesWith(sinkNameOf(plan));
  const effective = faults.filter((fault) => fault.effective && breaksSomething(fault));
  const groups = [...Map.groupBy(effective, ({ kind, target }) => `${kind} ${target}`).values()];
  if (groups.length === 0) return undefined;
  if (groups.length > maxNamed) {
    const count = groups.reduce((sum, { length }) => sum + length, 0);
    return `${count} faults of ${groups.length} kinds were in force`;
  }
  const lapse = timeLapse && `for ${describeDuration(timeLapse.outageSeconds)} (in time lapse)`;
  return groups
    .map((group) => describeGroup(group, names, lapse !== null && group[0] === faults[0] ? lapse : undefined))
    .join(" and ");
}

/** A fault that only prepares for another has no clause of its own. */
function breaksSomething(fault: FaultRecord): boolean {
  return describeGroup([fault], targetNames, undefined) !== undefined;
}

/** The names of targets, with those of the sink and its parts. */
function namesWith(sink: string): Record<string, string> {
  return { ...targetNames, sink, ingester: `one of ${sink}'s ingesters` };
}

function describeGroup(
  group: FaultRecord[],
  names: Record<string, string>,
  lapse: string | undefined,
): string | undefined {
  const [{ kind, target, ...parameters }] = group as [FaultRecord];
  const times = group.length === 1 ? "" : ` ${timesOf(group.length)}`;
  const seconds = group.reduce((sum, { startedAt, endedAt }) => sum + heldSeconds(startedAt, endedAt), 0);
  const lasting = ` for ${shortly(seconds)}${group.length === 1 ? "" : " in all"}`;
  const held = lapse === undefined ? (seconds === 0 ? "" : lasting) : ` ${lapse}`;
  const known = findKind(kind);
  if (known === undefined) return `the fault ${kind} ${target} was in force${times}`;
  return known.clause({ name: names[target] ?? target, target, times, held, parameters });
}

function heldSeconds(startedAt: string, endedAt: string): number {
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
}

function timesOf(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

/** A duration with as few digits as necessary. */
function shortly(seconds: number): string {
  if (seconds >= 120) return describeDuration(seconds);
  return `${seconds.toFixed(seconds >= 10 ? 0 : seconds >= 0.1 ? 1 : 2)} s`;
}
