import { UsageError } from "../base/errors.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { holds } from "../plan/claim.ts";
import type { PlanRequest } from "../plan/plan-of-run.ts";
import type { CapacityClaim } from "./capacity-claims.ts";
import { capacityClaims } from "./capacity-claims.ts";
import type { SearchGoal } from "./search/search-goal.ts";
import type { SearchLimits } from "./search/throughput-search.ts";

/** Which part of a pipeline is measured: all of it, from files to the sink, or the gateway and Kafka alone. */
export const measuredParts = ["pipeline", "gateway"] as const;

type MeasuredPart = (typeof measuredParts)[number];

/** What to measure, and how. */
export interface ThroughputPlan {
  pipeline: Pipeline;
  part: MeasuredPart;
  /** What the reference architecture says the part takes; undefined if it says nothing. */
  claim: CapacityClaim | undefined;
  /** The first one decides about the claim. */
  goals: SearchGoal[];
  limits: SearchLimits;
  sources: number;
  /** How long after the last write a line may arrive, in seconds. */
  lagBoundSeconds: number;
  /** How long lines that are still on their way are waited for after a trial, in seconds. */
  drainSeconds: number;
  /** Whether latency is measured as well, at shares of the highest rate that the first goal has found. */
  latency: boolean;
  /** What is written beyond the highest rate after the search; undefined if nothing is. */
  overload?: OverloadPlan | undefined;
  /** Whether trials at parts of the highest rate are made, for the model of the processors. */
  model: boolean;
  /** How long lines are written at the lowest rate before the first trial, in seconds. */
  warmUpSeconds: number;
}

/** How a pipeline is overloaded. */
export interface OverloadPlan {
  /** The highest rate that the pipeline takes, in lines per second; undefined if it is to be searched for. */
  highest: number | undefined;
  /** For how long twice the highest rate is written. */
  seconds: number;
}

/** What is written in an overload, as a multiple of the highest rate: first too much, and then what leaves room to catch up. */
export const overloadFactors = { over: 2, after: 0.5 };

/** For how long half of the highest rate is written, and how long catching up may take: half as long again as a backlog of one overload needs. */
export function catchUpSeconds({ seconds }: OverloadPlan): number {
  const { over, after } = overloadFactors;
  return (1.5 * seconds * (over - 1)) / (1 - after);
}

/** A trial is not longer than this: its files, and reading them back, have to stay possible. */
const mostLinesOfTrial = 6_000_000;

/**
 * The plan of a search.
 *
 * @throws UsageError if the pipeline cannot be measured, or a trial would write too many lines
 */
export function throughputPlan(wanted: Omit<ThroughputPlan, "claim">): ThroughputPlan {
  const { pipeline, part, goals, limits, latency } = wanted;
  if (pipeline.deployment.kind !== "fixture" || pipeline.deployment.stdout !== undefined)
    throw new UsageError("throughput is measured on Everyline's own pipelines whose shipper reads files.");
  if (pipeline.sink.kind === "victorialogs" || pipeline.sink.kind === "file")
    throw new UsageError(
      `${pipeline.sink.kind} has no count of its lines that costs little, so throughput is not measured on ${pipeline.name}; choose direct or kafka.`,
    );
  if (part === "gateway" && (pipeline.gateway === undefined || pipeline.kafka === undefined))
    throw new UsageError(
      `--through gateway needs a pipeline with a gateway and a Kafka, and ${pipeline.name} has none; choose kafka.`,
    );
  if (part === "gateway" && latency)
    throw new UsageError(
      "--latency is that of the whole pipeline; leave out --through gateway, or --latency.",
    );
  const { minLoad, maxLoad } = limits;
  if (minLoad >= maxLoad)
    throw new UsageError(`--max has to be more than --min, got ${maxLoad} and ${minLoad} lines per second.`);
  const longest = Math.max(...goals.map(({ finalTrialSeconds }) => finalTrialSeconds));
  if (maxLoad * longest > mostLinesOfTrial)
    throw new UsageError(
      `a trial of ${longest} s at ${maxLoad} lines per second writes more than ${mostLinesOfTrial} lines; ` +
        `use --max ${Math.floor(mostLinesOfTrial / longest)} or a goal with shorter trials.`,
    );
  assertOverload(wanted);
  return { ...wanted, claim: claimOf(pipeline.name, part) };
}

/** What is claimed of a pipeline holds for each of its parts if it holds at all, but not the other way round, so a part's claim says so. */
function claimOf(pipeline: string, part: MeasuredPart): CapacityClaim | undefined {
  const claim = capacityClaims.find((each) => each.pipeline === pipeline);
  if (claim === undefined || part === "pipeline") return claim;
  const { linesPerSecond, source } = claim;
  const text = `The gateway and Kafka, as a part of what is claimed: ${claim.text}`;
  return { pipeline, linesPerSecond, text, source };
}

/** The overload of a highest rate: as long as planned, or as long as its lines can still be read back. */
export function overloadOf(overload: OverloadPlan, highest: number): OverloadPlan {
  const longestSeconds = Math.floor(mostLinesOfTrial / (overloadFactors.over * highest));
  return { ...overload, seconds: Math.max(1, Math.min(overload.seconds, longestSeconds)) };
}

function assertOverload({ overload }: Pick<ThroughputPlan, "overload">): void {
  const { highest } = overload ?? {};
  if (overload === undefined || highest === undefined) return;
  if (overloadOf(overload, highest).seconds < overload.seconds)
    throw new UsageError(
      `${overload.seconds} s of twice ${highest} lines per second are more than ${mostLinesOfTrial} lines; ` +
        `use --rate ${Math.floor(mostLinesOfTrial / (overloadFactors.over * overload.seconds))}.`,
    );
}

/** The run in which the pipeline is started and warms up, at the lowest rate. Nothing is broken. */
export function warmUpOf({ pipeline, limits, sources, claim, warmUpSeconds }: ThroughputPlan): PlanRequest {
  const { minLoad } = limits;
  const load = { lines: Math.ceil(warmUpSeconds * minLoad), linesPerSecond: minLoad, sources };
  const summary = "Lines are written at one rate after another, and nothing is broken.";
  return {
    scenario: {
      ...{ name: "throughput", summary, faults: [] },
      scenario: { name: "throughput", load, cases: {} },
    },
    pipeline,
    claim: {
      id: `${pipeline.name}/throughput`,
      pipeline: pipeline.name,
      scenario: "throughput",
      text: claim?.text ?? "Nothing is claimed.",
      source: claim?.source ?? "",
      bounds: { lost: 0 },
      measured: holds,
    },
    load: {},
    realTime: true,
    withFaults: false,
  };
}
