import { formatBytes } from "../base/format-bytes.ts";
import { grouped } from "../report/describe.ts";
import type {
  GoalFigures,
  LatencyReason,
  Limit,
  OverloadReason,
  ThroughputDocument,
  VerdictReason,
} from "./throughput-document.ts";

const whys: Record<VerdictReason, string> = {
  taken: "a rate at least as high was taken without loss, and lines arrived at that rate",
  "not-taken": "lines were lost or late at this rate, and this machine had processors left",
  "no-claim": "nothing is claimed of this pipeline",
  "not-tried": "this rate was not tried, and nothing is concluded from others",
  "machine-at-its-end": "lines were lost or late at this rate, but this machine was at its end",
  "thread-at-its-end":
    "lines were lost or late at this rate, but an instance used about one processor, and may take more on a faster one",
  undecided: "the trials decide neither that this rate is taken nor that it is not",
  "not-measured": "nothing could be measured",
};

const latencyWhys: Record<LatencyReason, string> = {
  "in-time": "every line was seen by then",
  "certainly-late": "a line was not, and this machine was not at its end",
  "no-claim": "nothing is claimed of the latency of this pipeline",
  "not-measured": "no latency was measured",
  "machine-at-its-end": "a line was not, but this machine was at its end",
  "not-seen": "some lines were not seen at all",
  "between-looks": "some lines became readable between a look that was in time and one that was not",
};

const endings: Record<ThroughputDocument["ended"], string> = {
  "goals-reached": "",
  trials: "The search ended because no more trials were allowed.",
  time: "The search ended because its time was up.",
  backlog: "The search ended because the pipeline still held lines of the last trial.",
  failure: "The search ended early",
  "rate-given": "No rate was searched for: the highest was given.",
};

const overloadWhys: Record<OverloadReason, string> = {
  "caught-up": "every line arrived, and the pipeline caught up in time",
  lost: "lines are not in the sink, and none of them is on its way",
  damaged: "lines came back damaged",
  "instance-ended": "an instance ended",
  "not-caught-up": "the pipeline did not catch up in time, though this machine had processors left",
  "machine-at-its-end": "the pipeline did not catch up in time, but this machine was at its end",
  writer: "Everyline could not write one and a half times the highest rate",
};

/** The verdict on an overload, and what it came to, in sentences. */
export function overloadSentences({ overload }: ThroughputDocument): string[] {
  if (overload === undefined) return [];
  if (overload === null) return ["unknown: the overload could not be measured"];
  const { verdict, why, caughtUpSeconds, boundSeconds, refused, memoryPeaks, ended } = overload;
  const lag =
    caughtUpSeconds === null
      ? "lines lagged to the end"
      : `nothing lagged any more after ${caughtUpSeconds.toFixed(1)} s`;
  const peaks = Object.entries(memoryPeaks).map(([name, bytes]) => `${name} ${formatBytes(bytes)}`);
  return [
    `${verdict}: twice ${perSecond(overload.highest)}, and then half of it (${overloadWhys[why]})`,
    `${lag}; ${boundSeconds} s are allowed`,
    ...(overload.isBacklogLeft ? ["lines were still on their way when waiting for them ended"] : []),
    refused.length === 0
      ? "nothing was refused"
      : `refused: ${refused.map(({ by, reason, count }) => `${by} ${reason}: ${grouped(count)}`).join("; ")}`,
    ...(peaks.length === 0 ? [] : [`most memory: ${peaks.join(", ")}`]),
    ...ended.map(
      ({ instance, exitCode, isOutOfMemory }) =>
        `${instance} ended with exit code ${exitCode}${isOutOfMemory ? ", because its memory was used up" : ""}`,
    ),
  ];
}

/** What was measured, and what its sources are, in a few words: `kafka (split), the gateway and Kafka alone, 4 streams at a time`. */
export function measuredName(
  { pipeline, layout, part }: { pipeline: string; layout: string; part?: ThroughputDocument["part"] },
  sources?: number,
): string {
  const isGateway = part === "gateway";
  return [
    `${pipeline} (${layout})`,
    ...(isGateway ? ["the gateway and Kafka alone"] : []),
    ...(sources === undefined ? [] : [`${sources} ${isGateway ? "streams" : "files"} at a time`]),
  ].join(", ");
}

/** The verdict in a sentence. */
export function verdictSentence({ claim, verdict, why }: ThroughputDocument): string {
  return `${verdict}${claim === null ? "" : `: ${claim.text}`} (${whys[why]})`;
}

/** The verdict on latency in a sentence. */
export function latencySentence({ claim, latencyVerdict: { verdict, why } }: ThroughputDocument): string {
  const belowMs = claim?.latencyBelowMs;
  const claimed = belowMs === undefined ? "" : `: every line is readable in less than ${belowMs} ms`;
  return `${verdict}${claimed} (${latencyWhys[why]})`;
}

/** Why the search ended, if not because its goals were reached. */
export function endSentence({ ended, failure }: ThroughputDocument): string {
  return failure === null ? endings[ended] : `${endings[ended]}: ${failure}`;
}

/** A goal in a line. */
export function goalTitle({ goal }: Pick<GoalFigures, "goal">): string {
  const { finalTrialSeconds, durationSumSeconds, lossRatio, exceedRatio, width } = goal;
  return `goal: trials of ${finalTrialSeconds} s, ${durationSumSeconds} s in all, loss ratio ${lossRatio}, exceed ratio ${exceedRatio}, width ${width}`;
}

/** What the trials say about a goal, in sentences. */
export function goalSentences(figures: GoalFigures): string[] {
  const { relevantLowerBound: lower, relevantUpperBound: upper, conditionalThroughput, irregular } = figures;
  const { arrivalRate, arrivalRatePerProcessor, lossInversions } = figures;
  return [
    `relevant lower bound ${perSecond(lower)}, upper bound ${perSecond(upper)}, conditional throughput ${perSecond(conditionalThroughput)}`,
    ...(arrivalRate === null ? [] : [`lines arrived at ${perSecond(arrivalRate)}, lag included`]),
    ...(arrivalRatePerProcessor === null
      ? []
      : [`for each processor that the pipeline used: ${perSecond(arrivalRatePerProcessor)}`]),
    ...(irregular.length === 0 ? [] : [`irregular: ${irregular.join(", ").replaceAll("-", " ")}`]),
    ...(lossInversions.length === 0
      ? []
      : [`loss inversion: ${lossInversions.map(perSecond).join(", ")} was taken, and a lower rate was not`]),
    ...figures.limits.map((limit) => `in the way of more: ${limitWords(limit)}`),
  ];
}

/** A number of lines per second, for people. */
export function perSecond(rate: number | null): string {
  return rate === null ? "none" : `${grouped(Math.round(rate))} lines/s`;
}

function limitWords(limit: Limit): string {
  if (limit.by === "refusals") {
    const reasons = Object.entries(limit.refused).map(
      ([reason, lines]) => `${lines} times a line for ${reason}`,
    );
    return `refused: ${reasons.join(", ")}`;
  }
  if (limit.by === "writer") return `Everyline wrote ${limit.writtenLate} lines later than they were due`;
  if (limit.by === "disk")
    return `something waited for a disk in ${(100 * limit.diskWait).toFixed(0)} % of the time`;
  const most = limit.instance === null ? "" : `; most used by ${limit.instance}: ${limit.used!.toFixed(2)}`;
  if (limit.by === "machine")
    return `${(100 * limit.busy).toFixed(0)} % of the machine's processors were busy${most}`;
  return `lines arrived too late, though processors were left${most}`;
}
