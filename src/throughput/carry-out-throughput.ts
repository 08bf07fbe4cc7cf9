import { messageOf, UnavailableError } from "../base/errors.ts";
import { ReadError } from "../base/read-error.ts";
import { randomSeed } from "../load/seed.ts";
import { planOf, seeded } from "../plan/plan-of-run.ts";
import { cleanedUp } from "../run/run.ts";
import { openOutputs, writePlan } from "../run/run-outputs.ts";
import type { RunContext, RunRequest } from "../run/run-request.ts";
import { setUp } from "../run/run-setup.ts";
import { forgetRun } from "../store/active-runs.ts";
import { newRunId } from "../store/run-id.ts";
import { capacityVerdict } from "./capacity-verdict.ts";
import { isolateGateway, measureGatewayTrial } from "./gateway/measure-gateway-trial.ts";
import { goalFigures } from "./goal-figures.ts";
import { latencyVerdict } from "./latency-figures.ts";
import { measureLatency } from "./measure-latency.ts";
import { measureOverload } from "./measure-overload.ts";
import { measureTrial } from "./measure-trial.ts";
import { addModelTrials } from "./model-trials.ts";
import { processorModel } from "./processor-model.ts";
import { goalResult } from "./search/goal-result.ts";
import { classOfLoad } from "./search/load-classification.ts";
import { finalTarget } from "./search/search-target.ts";
import { searchThroughput } from "./search/throughput-search.ts";
import type { TrialInput } from "./search/trial-result.ts";
import type { LatencyTrial, ThroughputDocument, Trial } from "./throughput-document.ts";
import { renderThroughputMarkdown } from "./throughput-markdown.ts";
import { overloadOf, type ThroughputPlan, warmUpOf } from "./throughput-plan.ts";
import { type WarmedUp, warmedUp } from "./warmed-up.ts";

/** What carrying out a search needs in addition to the plan. */
export interface ThroughputContext extends RunContext {
  reportsFolder: string;
  /** Called after each trial. */
  onTrial: (trial: Trial) => void;
}

/** Why a search ended, and what was measured after it. */
type Ended = Pick<ThroughputDocument, "ended" | "failure" | "latency" | "overload">;

/** The shares of the highest rate at which latency is measured. */
const latencyShares = [0.01, 0.5, 0.9];

/** The pipeline still holds lines, which the next trial could not be told from. */
class BacklogLeft extends Error {}

/**
 * Starts a pipeline, looks for the highest rate that it takes by one trial after another, removes it, and writes the document into the
 * search's folder. The claimed rate is tried first, if it is in the range.
 *
 * @throws UnavailableError if the machine lacks something
 * @throws the signal's reason if it aborts
 */
export async function carryOutThroughput(
  plan: ThroughputPlan,
  context: ThroughputContext,
): Promise<ThroughputDocument> {
  const startedAt = new Date().toISOString();
  const request = await requestOf(plan, context.reportsFolder);
  const outputs = await openOutputs(request, context);
  await writePlan(outputs, request.plan);
  const setup = setUp(request, context, outputs);
  const trials: Trial[] = [];
  try {
    const { engine, kernel, cpus, memoryBytes } = await context.place.describe();
    const scope = new AsyncDisposableStack();
    let found: Ended & { images: string[] };
    try {
      const warm = await warmedUp(setup, plan, scope);
      found = { ...(await ended(warm, plan, context, trials)), images: "on" in warm ? warm.images : [] };
    } finally {
      await cleanedUp(scope, context, outputs);
    }
    const { pipeline, goals, limits, claim = null, sources, lagBoundSeconds } = plan;
    const document: ThroughputDocument = {
      schema: "everyline/throughput@1",
      throughputId: request.runId,
      startedAt,
      finishedAt: new Date().toISOString(),
      pipeline: pipeline.name,
      layout: pipeline.layout,
      part: plan.part,
      environment: { engine, kernel, cpus, memoryBytes },
      ...{ sources, limits, lagBoundSeconds, claim, trials, ...found },
      goals: goals.map((goal) => goalFigures(goal, trials)),
      model: processorModel(trials, plan.claim),
      latencyVerdict: latencyVerdict(plan.claim?.latencyBelowMs, found.latency),
      ...(trials.length === 0
        ? { verdict: "unknown", why: "not-measured" }
        : capacityVerdict(plan.claim, goals[0]!, trials)),
    };
    await outputs.folder.writeJson("throughput.json", document);
    await outputs.folder.writeText("throughput.md", renderThroughputMarkdown(document));
    return document;
  } finally {
    forgetRun(request.runId);
  }
}

async function requestOf(plan: ThroughputPlan, reportsFolder: string): Promise<RunRequest> {
  const warmUp = warmUpOf(plan);
  return {
    runId: newRunId("throughput"),
    plan: seeded(await planOf(warmUp), randomSeed()),
    pipeline: plan.pipeline,
    keep: false,
    reportsFolder,
  };
}

/** Searches; trials that were made count though the search cannot go on. */
async function ended(
  warm: WarmedUp,
  plan: ThroughputPlan,
  { signal, onTrial }: ThroughputContext,
  trials: Trial[],
): Promise<Ended> {
  const notMeasured = plan.overload === undefined ? {} : { overload: null };
  if ("failure" in warm) {
    const failure = `no line passes the pipeline (${warm.failure.code})`;
    return { ended: "failure", failure, latency: [], ...notMeasured };
  }
  const latency: LatencyTrial[] = [];
  const isGateway = plan.part === "gateway";
  const measureOne = isGateway ? measureGatewayTrial : measureTrial;
  if (isGateway) await isolateGateway(warm.on);
  const measure = async (trial: TrialInput) => {
    signal.throwIfAborted();
    const measured = await measureOne(warm.on, trial, trials.length + 1);
    trials.push(measured);
    onTrial(measured);
    if (measured.isBacklogLeft) throw new BacklogLeft();
    return measured;
  };
  try {
    const ended = await searched(plan, measure, trials);
    if (plan.model) await addModelTrials(plan, measure, trials);
    for (const trial of plan.latency ? latencyTrials(plan, trials) : [])
      latency.push(await measureLatency(warm.on, trial, trials.length + latency.length + 1));
    const highest = plan.overload?.highest ?? highestOf(plan, trials);
    const isWanted = plan.overload !== undefined && highest !== undefined;
    const overload =
      isWanted &&
      (await measureOverload(
        warm.on,
        overloadOf(plan.overload!, highest),
        highest,
        trials.length + latency.length + 1,
      ));
    return { ended, failure: null, latency, ...notMeasured, ...(overload && { overload }) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof BacklogLeft) return { ended: "backlog", failure: null, latency, ...notMeasured };
    const hasMeasured = trials.length > 0 && thrown instanceof UnavailableError;
    if (thrown instanceof ReadError || hasMeasured)
      return { ended: "failure", failure: messageOf(thrown), latency, ...notMeasured };
    throw thrown;
  }
}

/** Looks for the highest rate, unless it is given. */
async function searched(
  plan: ThroughputPlan,
  measure: (trial: TrialInput) => Promise<Trial>,
  trials: readonly Trial[],
): Promise<ThroughputDocument["ended"]> {
  if (plan.overload?.highest !== undefined) return "rate-given";
  await tryClaim(plan, measure, trials);
  return (await searchThroughput(plan.goals, plan.limits, measure, [...trials])).ended;
}

/** The highest rate that was taken, by the first goal; undefined if none was. */
function highestOf({ goals: [goal] }: ThroughputPlan, trials: readonly Trial[]): number | undefined {
  return (goal && goalResult(goal, trials).relevantLowerBound) || undefined;
}

/** At which rates latency is measured; at none if no rate was taken. */
function latencyTrials(
  plan: ThroughputPlan,
  trials: readonly Trial[],
): { share: number; load: number; durationSeconds: number }[] {
  const [goal] = plan.goals;
  const highest = highestOf(plan, trials);
  if (!goal || !highest) return [];
  return latencyShares.map((share) => ({
    share,
    load: Math.max(1, Math.round(share * highest)),
    durationSeconds: goal.finalTrialSeconds,
  }));
}

/** Tries the claimed rate until the first goal decides about it. */
async function tryClaim(
  { claim, goals: [goal], limits }: ThroughputPlan,
  measure: (trial: TrialInput) => Promise<Trial>,
  trials: readonly Trial[],
): Promise<void> {
  const load = claim?.linesPerSecond;
  if (load === undefined || goal === undefined || load < limits.minLoad || load > limits.maxLoad) return;
  while (classOfLoad(trials, finalTarget(goal)) === "undecided" && trials.length < limits.maxTrials)
    await measure({ load, durationSeconds: goal.finalTrialSeconds });
}
