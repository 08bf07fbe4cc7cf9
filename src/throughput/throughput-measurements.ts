import { describeMachine } from "../report/history-entry-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { LatencyTrial, ThroughputDocument } from "./throughput-document.ts";
import { perSecond } from "./throughput-words.ts";

/** What a search measured, as lines of a history: the highest rate by its first goal, and the latency if that was measured. */
export function throughputMeasurements(document: ThroughputDocument): Measurement[] {
  const { throughputId, finishedAt, pipeline, images, environment, claim, latency, latencyVerdict } =
    document;
  const measurement = (
    of: Pick<Measurement, "quantity" | "claimed" | "verdict" | "measured">,
  ): Measurement => ({
    schema: "everyline/measurement@1",
    ...{ id: throughputId, at: finishedAt, pipeline },
    ...of,
    images: [...new Set(images.map(imageName))].sort(),
    machine: describeMachine(environment),
  });
  return [
    measurement({
      quantity: document.part === "gateway" ? "gateway" : "throughput",
      claimed: claim === null ? null : `about ${perSecond(claim.linesPerSecond)}`,
      verdict: document.verdict,
      measured: rateWords(document),
    }),
    ...(latency.length === 0
      ? []
      : [
          measurement({
            quantity: "latency",
            claimed: claim?.latencyBelowMs === undefined ? null : `below ${claim.latencyBelowMs} ms`,
            verdict: latencyVerdict.verdict,
            measured: latency.map(latencyWords).join("; "),
          }),
        ]),
  ];
}

/** `promtail: everyline/promtail:3.6.4` as `promtail 3.6.4`. */
function imageName(image: string): string {
  return image
    .replace(/^[^:]*: /, "")
    .replace(/^.*\//, "")
    .replace(/@.*$/, "")
    .replace(":", " ");
}

function rateWords({ goals: [goal], trials, claim }: ThroughputDocument): string {
  const { relevantLowerBound: lower = null, relevantUpperBound: upper = null } = goal ?? {};
  const bounds =
    lower === null
      ? "no rate was taken"
      : `${perSecond(lower)} taken${upper === null ? "" : `, ${perSecond(upper)} not`}`;
  const busiest = trials.findLast(({ load }) => load === (upper ?? lower))?.processors.busy;
  const tried = claim !== null && trials.some(({ load }) => load === claim.linesPerSecond);
  return [
    bounds,
    ...(busiest === undefined ? [] : [`${(100 * busiest).toFixed(0)} % of the processors busy then`]),
    ...(claim === null || tried ? [] : [`${perSecond(claim.linesPerSecond)} not tried`]),
  ].join("; ");
}

function latencyWords({ load, atMost, unseen }: LatencyTrial): string {
  const figures = atMost === null ? "nothing seen" : `p99 ${atMost.p99} ms, at most ${atMost.max} ms`;
  return `at ${perSecond(load)} ${figures}${unseen === 0 ? "" : `, ${unseen} not seen`}`;
}
