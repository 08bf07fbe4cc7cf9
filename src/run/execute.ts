import type { Measured } from "../judge/conclude.ts";
import { observationFor } from "../judge/observation.ts";
import type { Observed } from "../judge/track.ts";
import { removeLogFiles } from "../load/log-files.ts";
import { Stack } from "../places/compose/stack.ts";
import type { MountProof } from "../places/place.ts";
import { LokiSide } from "../sinks/loki/loki-side.ts";
import { openWriter, prepareFiles, startStack } from "./bring-up.ts";
import { Containers } from "./containers.ts";
import { KafkaSide } from "./kafka-side.ts";
import type { LiveRun } from "./live-run.ts";
import { loadAndBreak } from "./load-and-break.ts";
import { type ProofFailure, proveEndToEnd } from "./prove.ts";
import { isReadToEnd, readEverything } from "./read-everything.ts";
import { observerDoubts, runDoubts, runRemarks } from "./run-doubts.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";
import { settleRun } from "./settle-run.ts";
import { askPatience, patienceFrom } from "./shipper-patience.ts";
import { Watching } from "./watching.ts";

const defaultSentinelTimeoutMs = 60_000;
const nothingToProve: MountProof = { differences: [], written: [], unchecked: 0 };

/** What a run found out, and what each observer saw over its time. */
export interface Executed {
  measured: Measured;
  observed: Observed[];
}

/**
 * Carries out a run up to the last line read back.
 *
 * @param scope closes what was opened, in the opposite order: the load stops, following ends, logs are saved, everything is removed
 */
export async function execute(
  setup: RunSetup,
  progress: RunProgress,
  scope: AsyncDisposableStack,
): Promise<Executed> {
  const { request, context, outputs } = setup;
  const { journal, folder } = outputs;
  const environment = { ...(await context.place.describe()), node: process.version };
  const containers = new Containers();
  scope.defer(() => removeEverything(setup));
  scope.defer(() => containers.saveLogs(outputs));

  const backoff = await prepareFiles(setup);
  const [upSeconds, live] = await timed(() => bringUp(setup, progress, containers, scope));
  const { stack, watching } = live;

  progress.enter("prove");
  const failure = await prove(live);
  journal.add("proven", { failure: failure?.message ?? null });
  // After the sentinels: by now each program that writes its own configuration when it starts has written it.
  const { differences, written, unchecked } = (await stack.proveMounts?.()) ?? nothingToProve;
  journal.add("mounts-proven", { differences, written, unchecked });
  const known = {
    environment,
    arrivals: watching.arrivals,
    lapse: setup.lapse,
    notes: stack.notes,
  };
  const isUnproven = failure && !(failure.hasEnded && request.scenario.scenario.startIsClaimed);
  if (isUnproven || differences.length > 0) {
    const observed = await watching.stop();
    const doubts = [...observerDoubts(observed), ...differences, ...(failure ? [failure.message] : [])];
    const measured = { ...known, ...(await unproven(live, containers, doubts, upSeconds)) };
    return { measured, observed };
  }

  const { products } = watching.counters.shipperWatch;
  const patience = backoff
    ? patienceFrom(backoff)
    : ((await askPatience(stack, watching.counters.shipperPorts)) ?? stack.pipeline.shipper.patience);
  journal.add("shipper", { products, patience: patience ?? null });

  const [loadSeconds, loaded] = await timed(() => loadAndBreak(live, backoff));
  const { ledger, faults } = loaded;
  await folder.writeJson("ledger.json", ledger);
  const unsettled = await settleRun(live, faults, patience);
  const [readSeconds, read] = await timed(() => readEverything(live, ledger));

  const observations = read.observations.length > 0 ? read.observations : [observationFor(ledger)];
  const observed = await watching.stop();
  const { kafka, discarded } = read;
  const sites = kafka && (await loaded.siteLoss?.judge(ledger, faults, kafka.offsets, observations.at(-1)!));
  const measured = {
    ...known,
    ...watching.counters.totals,
    isReadToEnd: await isReadToEnd(live),
    images: containers.images,
    ledger,
    faults,
    observations,
    kafka,
    discarded,
    sites,
    doubts: [...observerDoubts(observed), ...(await runDoubts(live, loaded, read, observations, unsettled))],
    remarks: runRemarks(loaded, read, unchecked, failure?.message),
    seconds: { up: upSeconds, load: loadSeconds, read: readSeconds, total: 0 },
  };
  return { measured, observed };
}

/** Opens the load, starts the pipeline, and follows what comes out of it. */
async function bringUp(
  setup: RunSetup,
  progress: RunProgress,
  containers: Containers,
  scope: AsyncDisposableStack,
): Promise<LiveRun> {
  const { request, context, outputs } = setup;
  const { folder, journal } = outputs;
  progress.enter("up");
  // Before the stack: Promtail looks for files that are missing when it starts only 5 s later.
  const writer = await openWriter(setup, containers);
  scope.defer(() => writer.stop());
  progress.countWith(() => ({ written: writer.written, readable: 0 }));
  const stack = await startStack(setup, writer, containers);
  const loki = new LokiSide({
    stack: new Stack(stack),
    seed: request.seed,
    folder,
    journal,
    signal: context.signal,
  });
  const hasKafka = stack.pipeline.kafka !== undefined;
  const kafka = hasKafka ? new KafkaSide(stack, request.runId, folder, journal) : undefined;
  const upAtMs = Date.now();
  const watching = scope.use(new Watching(setup, stack, loki, writer, progress));
  progress.countWith(() => ({ written: writer.written, readable: watching.arrivals.count }));
  return { setup, progress, writer, stack, loki, kafka, watching, upAtMs };
}

/** Waits until each source's sentinel has arrived, and makes sure that nobody else's lines are taken for the run's. */
async function prove(live: LiveRun): Promise<ProofFailure | undefined> {
  const { setup, stack, loki, watching } = live;
  const { sentinelTimeoutMs = defaultSentinelTimeoutMs, signal } = setup.context;
  const hasArrived = () => watching.haveSentinelsArrived;
  const failure = await proveEndToEnd(new Stack(stack), hasArrived, sentinelTimeoutMs, signal, watching);
  if (failure !== undefined) return failure;
  const message = await loki.checkSelector();
  return message === undefined ? undefined : { service: "", hasEnded: false, message };
}

/** Ends before anything is broken: what was written so far, and why nothing can be said of it. */
async function unproven(
  { setup, writer, watching }: LiveRun,
  containers: Containers,
  doubts: string[],
  upSeconds: number,
) {
  writer.stop();
  const ledger = await writer.finished;
  await setup.outputs.folder.writeJson("ledger.json", ledger);
  return {
    ...watching.counters.totals,
    images: containers.images,
    isReadToEnd: false,
    ledger,
    faults: [],
    observations: [observationFor(ledger)],
    doubts,
    remarks: [],
    seconds: { up: upSeconds, load: 0, read: 0, total: 0 },
  };
}

/** Removes everything of the run. */
async function removeEverything({ request, context, outputs }: RunSetup): Promise<void> {
  if (request.keep) return;
  const removed = await context.place.remove(request.runId);
  await removeLogFiles(outputs.logFiles);
  outputs.journal.add("down", removed);
}

async function timed<Result>(work: () => Promise<Result>): Promise<[seconds: number, result: Result]> {
  const startedAtMs = performance.now();
  const result = await work();
  return [(performance.now() - startedAtMs) / 1_000, result];
}
