import { grouped } from "../report/describe.ts";
import { measurementOf } from "../report/measurement-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { LatencyTrial, Overload, ThroughputDocument } from "./throughput-document.ts";
import { perSecond } from "./throughput-words.ts";

type Figures = Pick<Measurement, "quantity" | "claimed" | "verdict" | "measured">;

/** What a search measured, as lines of a history: the highest rate by its first goal, and latency and overload if those were measured. */
export function throughputMeasurements(document: ThroughputDocument): Measurement[] {
  const { throughputId, finishedAt, pipeline, images, environment, overload } = document;
  const found = [
    ...(document.ended === "rate-given" ? [] : [rateOf(document)]),
    ...(document.latency.length === 0 ? [] : [latencyOf(document)]),
    ...(overload ? [overloadOf(overload)] : []),
  ];
  return found.map((figures) =>
    measurementOf(
      { id: throughputId, at: finishedAt, pipeline, ...figures },
      { images, machine: environment },
    ),
  );
}

function rateOf(document: ThroughputDocument): Figures {
  const { part, claim, verdict } = document;
  return {
    quantity: part === "gateway" ? "gateway" : "throughput",
    claimed: claim === null ? null : `about ${perSecond(claim.linesPerSecond)}`,
    verdict,
    measured: rateWords(document),
  };
}

function latencyOf({ claim, latency, latencyVerdict }: ThroughputDocument): Figures {
  return {
    quantity: "latency",
    claimed: claim?.latencyBelowMs === undefined ? null : `below ${claim.latencyBelowMs} ms`,
    verdict: latencyVerdict.verdict,
    measured: latency.map(latencyWords).join("; "),
  };
}

function overloadOf({ verdict, highest, over, after, caughtUpSeconds }: Overload): Figures {
  const lost = over.lost + after.lost;
  const caughtUp =
    caughtUpSeconds === null ? "lines lagged to the end" : `caught up ${caughtUpSeconds.toFixed(0)} s later`;
  return {
    ...{ quantity: "overload", claimed: null, verdict },
    measured: `${perSecond(2 * highest)} for ${over.durationSeconds} s: ${grouped(lost)} of ${grouped(over.lines + after.lines)} lost, ${caughtUp}`,
  };
}

function rateWords({ goals: [goal], trials, claim }: ThroughputDocument): string {
  const { relevantLowerBound: lower = null, relevantUpperBound: upper = null } = goal ?? {};
  const bounds =
    lower === null
      ? "no rate was taken"
      : `${perSecond(lower)} taken${upper === null ? "" : `, ${perSecond(upper)} not`}`;
  if (claim === null) return bounds;
  const atClaim = trials.find(({ load }) => load === claim.linesPerSecond);
  const tried =
    atClaim === undefined
      ? "not tried"
      : `tried with ${(100 * atClaim.processors.busy).toFixed(0)} % of the processors busy`;
  return `${bounds}; ${perSecond(claim.linesPerSecond)} ${tried}`;
}

/** Each figure from when a line was last looked for in vain until it was seen. */
function latencyWords({ load, atLeast, atMost, unseen }: LatencyTrial): string {
  const range = (of: "p99" | "max") => `${grouped(atLeast![of])} to ${grouped(atMost![of])} ms`;
  const figures =
    atLeast === null || atMost === null ? "nothing seen" : `p99 ${range("p99")}, slowest ${range("max")}`;
  return `at ${perSecond(load)} ${figures}${unseen === 0 ? "" : `, ${unseen} not seen`}`;
}
