import type { ProofFailure } from "../judge/proof-failure.ts";
import { isUnproven } from "../judge/run-doubts.ts";
import type { Ledger } from "../load/ledger.ts";
import { removeLogFiles } from "../load/log-files.ts";
import type { MountProof } from "../places/place.ts";
import { patienceFrom } from "../products/shipper-patience.ts";
import { createSink } from "../sinks/create-sink.ts";
import { pipelineKafkaOf } from "../sinks/kafka/pipeline-kafka.ts";
import { askPatience } from "./ask-patience.ts";
import { openWriter, prepareFiles, startStack } from "./bring-up.ts";
import { Containers } from "./containers.ts";
import type { Executed } from "./executed.ts";
import type { LiveRun } from "./live-run.ts";
import { loadAndBreak } from "./load-and-break.ts";
import { prepareMonitoring } from "./prepare-monitoring.ts";
import { proveEndToEnd } from "./prove.ts";
import { readEverything } from "./read-everything.ts";
import { Recorder } from "./recorder.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";
import { settleRun } from "./settle-run.ts";
import { checkSelector } from "./sink-checks.ts";
import { awaitRules } from "./watch-alerts.ts";
import { Watching } from "./watching.ts";

const defaultSentinelTimeoutMs = 60_000;
const nothingToProve: MountProof = { differences: [], written: [], unchecked: 0 };

/**
 * Carries out a run up to the last line read back.
 *
 * @param scope closes everything in reverse order: it stops the load and the observers, saves the logs and removes the containers
 */
export async function execute(
  setup: RunSetup,
  progress: RunProgress,
  scope: AsyncDisposableStack,
): Promise<Executed> {
  const { request, context, outputs } = setup;
  const { journal, folder } = outputs;
  const { plan } = request;
  const environment = { ...(await context.place.describe()), node: process.version };
  const containers = new Containers();
  scope.defer(() => removeEverything(setup));
  scope.defer(() => containers.saveLogs(outputs));

  await prepareFiles(setup);
  const monitored = await prepareMonitoring(setup);
  const [upSeconds, live] = await timed(() => bringUp(setup, progress, containers, scope, monitored));
  const { stack, watching } = live;

  progress.enter("prove");
  const failure = await prove(live);
  journal.add("proven", { failure: failure ?? null });
  if (failure === undefined) await awaitRules(live);
  // This comes after the sentinels, when each program that writes its own configuration at its start has done so.
  const { differences, written, unchecked } = (await stack.proveMounts?.()) ?? nothingToProve;
  journal.add("mounts-proven", { differences, written, unchecked });
  const proof = { proofFailure: failure ?? null, differences, unchecked };
  const recorder = new Recorder(live, containers, { ...proof, environment });
  if (isUnproven(plan, proof)) {
    await folder.writeJson("ledger.json", await stoppedAtOnce(live));
    return recorder.unbroken(upSeconds);
  }

  const { products } = watching.counters.shipperWatch;
  const patience = plan.retries
    ? patienceFrom(plan.retries.backoff)
    : ((await askPatience(stack, watching.counters.shipperPorts)) ?? stack.pipeline.shipper.patience);
  journal.add("shipper", { products, patience: patience ?? null });

  const [loadSeconds, loaded] = await timed(() => loadAndBreak(live));
  const { ledger } = loaded;
  await folder.writeJson("ledger.json", ledger);
  const settled = await settleRun(live, loaded, patience);
  const [readSeconds, read] = await timed(() => readEverything(live, loaded));
  const seconds = { up: upSeconds, load: loadSeconds, read: readSeconds, total: 0 };
  return recorder.complete(loaded, settled, read, seconds);
}

/** Opens the load, starts the pipeline and starts the observers. */
export async function bringUp(
  setup: RunSetup,
  progress: RunProgress,
  containers: Containers,
  scope: AsyncDisposableStack,
  monitored: Record<string, string>,
): Promise<LiveRun> {
  const { request, context } = setup;
  progress.enter("up");
  // The files have to exist before the stack starts, because Promtail looks for missing files again only after 5 s.
  const writer = await openWriter(setup, containers);
  scope.defer(() => writer.stop());
  progress.countWith(() => ({ written: writer.written, readable: 0 }));
  const stack = await startStack(setup, writer, containers, monitored);
  const sink = createSink({
    stack,
    seed: request.plan.seed,
    line: setup.loadPlan.line,
    signal: context.signal,
    front: context.sinkFront,
  });
  const kafka = pipelineKafkaOf(stack);
  const upAtMs = Date.now();
  const watching = scope.use(new Watching(setup, stack, sink, writer, progress));
  progress.countWith(() => ({ written: writer.written, readable: watching.arrivals.count }));
  return { setup, progress, writer, stack, sink, kafka, watching, upAtMs };
}

/** Waits until each source's sentinel has arrived, and makes sure that no foreign lines can be mistaken for lines of the run. */
export async function prove(live: LiveRun): Promise<ProofFailure | undefined> {
  const { setup, stack, sink, watching } = live;
  const { sentinelTimeoutMs = defaultSentinelTimeoutMs, signal } = setup.context;
  const hasArrived = () => watching.haveSentinelsArrived;
  const failure = await proveEndToEnd(stack, sink, hasArrived, sentinelTimeoutMs, signal, watching);
  return failure ?? (await checkSelector(sink, setup.outputs.journal));
}

/** Ends the load before any fault is injected, and returns what was written so far. */
async function stoppedAtOnce({ writer }: LiveRun): Promise<Ledger> {
  writer.stop();
  return writer.finished;
}

/** Removes the containers and the log files of the run. If they are to be kept, this process only ends what it does for them. */
export async function removeEverything({ request, context, outputs }: RunSetup): Promise<void> {
  if (request.keep) return context.place.leave?.(request.runId);
  const removed = await context.place.remove(request.runId);
  await removeLogFiles(outputs.logFiles);
  outputs.journal.add("down", removed);
}

async function timed<Result>(work: () => Promise<Result>): Promise<[seconds: number, result: Result]> {
  const startedAtMs = performance.now();
  const result = await work();
  return [(performance.now() - startedAtMs) / 1_000, result];
}
