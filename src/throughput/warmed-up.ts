import type { ProofFailure } from "../judge/proof-failure.ts";
import { patienceFrom } from "../products/shipper-patience.ts";
import { prepareFiles } from "../run/bring-up.ts";
import { Containers } from "../run/containers.ts";
import { bringUp, prove, removeEverything } from "../run/execute.ts";
import type { LiveRun } from "../run/live-run.ts";
import { loadAndBreak } from "../run/load-and-break.ts";
import { RunProgress } from "../run/run-progress.ts";
import type { RunSetup } from "../run/run-setup.ts";
import { settleRun } from "../run/settle-run.ts";
import type { ThroughputPlan } from "./throughput-plan.ts";
import type { TrialStack } from "./trial-stack.ts";

/** A pipeline that is up and warm, or why it does not work. */
export type WarmedUp = { failure: ProofFailure } | { on: TrialStack; images: string[] };

/**
 * Starts a pipeline, proves that lines pass it, and writes some. All observers of the run have ended then.
 *
 * @param scope closes everything in reverse order: it saves the logs and removes the containers
 */
export async function warmedUp(
  setup: RunSetup,
  plan: ThroughputPlan,
  scope: AsyncDisposableStack,
): Promise<WarmedUp> {
  const containers = new Containers();
  const progress = new RunProgress(setup.context, setup.loadPlan.lines);
  scope.defer(() => removeEverything(setup));
  scope.defer(() => containers.saveLogs(setup.outputs));
  await prepareFiles(setup);
  const live = await bringUp(setup, progress, containers, scope, {});
  progress.enter("prove");
  const failure = await prove(live);
  setup.outputs.journal.add("proven", { failure: failure ?? null });
  if (failure !== undefined) return { failure };
  const { retries } = setup.request.plan;
  const patience = retries ? patienceFrom(retries.backoff) : undefined;
  await settleRun(live, await loadAndBreak(live), patience);
  const images = containers.images.map(({ service, reference }) => `${service}: ${reference}`);
  return { on: { ...trialStackOf(live, plan), patience }, images };
}

function trialStackOf(
  { setup, stack, kafka, writer, upAtMs }: LiveRun,
  { sources, lagBoundSeconds, drainSeconds }: ThroughputPlan,
): Omit<TrialStack, "patience"> {
  const { context, outputs } = setup;
  return {
    ...{ stack, kafka, sources, lagBoundSeconds, drainSeconds, upAtMs },
    folder: writer.location.folder,
    runFolder: outputs.folder,
    journal: outputs.journal,
    signal: context.signal,
  };
}
