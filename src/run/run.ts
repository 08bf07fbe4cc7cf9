import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { messageOf } from "../base/errors.ts";
import { pause } from "../base/pause.ts";
import { Redactor } from "../base/redact.ts";
import type { FaultWorld } from "../faults/fault.ts";
import { conclude, doubtsOf, type KafkaMeasured, type Measured } from "../judge/conclude.ts";
import { withFigures } from "../judge/fault-figures.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import type { FaultRecord, RunDocument } from "../judge/run-document.ts";
import { timelineOf } from "../judge/timeline.ts";
import type { TimelineSample } from "../judge/timeline-document.ts";
import { disturbedSeconds } from "../judge/timing.ts";
import { unreadAgain } from "../judge/unread-again.ts";
import { entriesOf, type Ledger } from "../load/ledger.ts";
import { type LoadPlan, shareOf } from "../load/load-plan.ts";
import { attachedPrefix, type LogFiles, removeLogFiles } from "../load/log-files.ts";
import type { LogWriter } from "../load/log-writer.ts";
import { type ContainerGroup, createWriter } from "../load/log-writers.ts";
import { Arrivals } from "../observe/arrivals.ts";
import { Follower } from "../observe/follower.ts";
import { PartCounters } from "../observe/part-counters.ts";
import { countedOf, TimelineRecorder } from "../observe/timeline-recorder.ts";
import { hits } from "../pipeline/pipeline.ts";
import { assertCanBreak } from "../places/compose/attached.ts";
import { describeEngine } from "../places/compose/engine.ts";
import { projectName, removeProject } from "../places/compose/project.ts";
import { scaleShipperBackoff, stampWithLineTime } from "../places/compose/shipper-config.ts";
import { copyDescription, Stack } from "../places/compose/stack.ts";
import { attachedLogsFolder } from "../places/compose/start-own.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import { type Backoff, retryHorizon } from "../plan/retry-horizon.ts";
import { runLoadOf } from "../plan/run-load.ts";
import type { Audit, Load } from "../plan/scenario.ts";
import { HeldRetention, type TimeLapse } from "../plan/time-lapse.ts";
import { recordsIn } from "../products/kafka-topic.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import { droppedInAll } from "../products/shipper-totals.ts";
import { LokiSide } from "../sinks/loki/loki-side.ts";
import { describeReplay, lokiTotals } from "../sinks/loki/loki-totals.ts";
import { ReadError } from "../sinks/read-error.ts";
import { forgetRun, registerRun } from "../store/active-runs.ts";
import { Journal } from "../store/journal.ts";
import { RunFolder } from "../store/run-folder.ts";
import { KafkaSide } from "./kafka-side.ts";
import { type ProofFailure, proveEndToEnd } from "./prove.ts";
import type { RunContext, RunRequest, RunStatus } from "./run-request.ts";
import { type FaultInForce, type RunningSchedule, runSchedule } from "./schedule.ts";
import { describeUnsettled, settle } from "./settle.ts";
import { askPatience, patienceFrom, silenceMs } from "./shipper-patience.ts";
import { SiteLoss } from "./site-loss.ts";

const keptLogLines = 10_000;
const defaultSentinelTimeoutMs = 60_000;
/** A run's id ends with four random digits. */
const runSuffixLength = 4;
/** Loki makes a line readable as soon as it has acknowledged it, so what is not on its way by now has come. */
const settleAskAfterMs = 5_000;
/** The upper end of the recovery time that the document claims; how long a shipper may be silent comes on top. */
const settleDeadlineMs = 600_000;
/** What was broken answers by then, or will not. */
const worksTimeoutMs = 120_000;
const worksProbeMs = 50;
/** For how long the load goes on at the most where a fault outlasts it. */
const longestOverrunSeconds = 300;
const mostOverrunLines = 1_000_000;

/**
 * Carries out one run, from `up` to `down`, and writes its folder. Whatever happens, the containers are gone afterwards, unless
 * they are to be kept.
 *
 * @throws UnavailableError if the machine lacks something
 * @throws the signal's reason if it aborts
 */
export async function run(request: RunRequest, context: RunContext): Promise<RunDocument> {
  const startedAtMs = Date.now();
  const { scenario, pipeline } = request;
  const ofOthers = await logFilesOf(request, context.docker);
  const folder = await RunFolder.create(request.reportsFolder, request.runId);
  const logFiles = ofOthers ?? { folder: folder.logs, copies: folder.copies };
  const { deployment } = pipeline;
  const redactor = new Redactor(deployment.kind === "own" ? deployment.secrets : []);
  const journal = new Journal(folder.file("journal.ndjson"), redactor, context.onEvent);
  registerRun(request.runId, logFiles);
  // Not before: what a killed run has not registered, `everyline clean` does not find.
  await mkdir(logFiles.folder, { recursive: true });
  const { seed, repeatWith } = request;
  journal.add("run-started", { scenario: scenario.name, pipeline: pipeline.name, seed, repeatWith });
  const life = new Run(request, context, { folder, journal, redactor, logFiles });
  try {
    const measured = await life.measure();
    await life.down();
    measured.seconds.total = (Date.now() - startedAtMs) / 1_000;
    const document = redactor.deep(conclude(request, measured));
    // Before the document: without its doubts a run that was killed in between would be judged again as if it had none.
    journal.add("judged", { verdict: document.verdict, doubts: doubtsOf(measured) });
    const timeline = timelineOf({ samples: life.samples, measured, document, pipeline });
    await folder.writeText("timeline.json", `${JSON.stringify(timeline)}\n`);
    await folder.writeJson("run.json", document);
    return document;
  } catch (thrown) {
    const cause = context.signal.aborted ? context.signal.reason : thrown;
    try {
      await life.down();
      journal.add("run-failed", { message: messageOf(cause) });
    } catch (second) {
      // On a full disk not even the journal can be written; why the run failed matters more.
      const message = `cleaning up failed, run \`everyline clean\`: ${messageOf(second)}`;
      context.onEvent({ at: new Date().toISOString(), event: "cleanup-failed", text: message });
    }
    throw cause;
  } finally {
    // What is kept stays registered, without a process: `everyline clean` finds it.
    if (!request.keep) forgetRun(request.runId);
  }
}

/** A stack that is up already has its shipper read a folder that is not this run's alone. */
async function logFilesOf(
  { pipeline, runId, scenario, withFaults }: RunRequest,
  docker: Docker,
): Promise<LogFiles | undefined> {
  const { deployment } = pipeline;
  if (deployment.kind === "fixture" || deployment.project === undefined) return undefined;
  const { project } = deployment;
  await assertCanBreak(docker, pipeline, { ...deployment, project }, withFaults ? scenario.faults : []);
  const folder = await attachedLogsFolder(docker, pipeline, deployment);
  return { folder, prefix: attachedPrefix(runId.slice(-runSuffixLength)) };
}

/** What a run writes into. */
interface Outputs {
  folder: RunFolder;
  journal: Journal;
  redactor: Redactor;
  logFiles: LogFiles;
}

class Run {
  readonly #request: RunRequest;
  readonly #context: RunContext;
  readonly #folder: RunFolder;
  readonly #journal: Journal;
  readonly #redactor: Redactor;
  readonly #logFiles: LogFiles;
  readonly #timeScale: number;
  readonly #requested: Load;
  readonly #plan: LoadPlan;
  readonly #arrivals: Arrivals;
  readonly #sources: string[];
  readonly #counters: PartCounters;
  #faultsInForce: FaultInForce[] = [];
  /** How many lines could be read each time before Loki was killed. */
  readonly #readableAtKills: number[] = [];
  #schedule: RunningSchedule | undefined;
  #isLokiBroken = false;
  /** How many faults do something that is not to be looked at. */
  #stepsAside = 0;
  #writer: LogWriter | undefined;
  /** In the order a line passes them. */
  readonly #containers: ContainerGroup[] = [];
  #follower: Follower | undefined;
  #phase: RunStatus["phase"] = "up";
  #loki: LokiSide | undefined;
  #kafka: KafkaSide | undefined;
  readonly #lapse: TimeLapse | undefined;
  readonly #timeline = new TimelineRecorder();
  #siteLoss: SiteLoss | undefined;
  /** When the stack was up: a container that started later was started anew. */
  #upAtMs = Number.POSITIVE_INFINITY;

  constructor(request: RunRequest, context: RunContext, outputs: Outputs) {
    this.#request = request;
    this.#context = context;
    this.#folder = outputs.folder;
    this.#journal = outputs.journal;
    this.#redactor = outputs.redactor;
    this.#logFiles = outputs.logFiles;
    const { load, timeScale, lapse } = runLoadOf(request);
    this.#timeScale = timeScale;
    this.#lapse = lapse;
    const { lines, linesPerSecond } = load;
    const overrunLines = Math.min(Math.ceil(linesPerSecond * longestOverrunSeconds), mostOverrunLines);
    const mostLines = lines + overrunLines;
    const { prefix = "" } = this.#logFiles;
    const sources = Array.from({ length: load.sources }, (_, index) => `${prefix}app-${index + 1}`);
    this.#sources = sources;
    this.#counters = new PartCounters(request.pipeline, sources);
    this.#requested = load;
    this.#plan = {
      folder: this.#logFiles.folder,
      seed: request.seed,
      sources,
      lines,
      mostLines,
      linesPerSecond,
      backlog: this.#lapse?.backlog,
    };
    const shares = sources.map(
      (source, index) => [source, shareOf(mostLines, index, sources.length)] as const,
    );
    this.#arrivals = new Arrivals(Date.now(), new Map(shares));
  }

  /** Where the run stood, over its time. */
  get samples(): TimelineSample[] {
    return this.#timeline.list();
  }

  /** Everything up to the last line read back. */
  async measure(): Promise<Measured> {
    const { docker, signal } = this.#context;
    const environment = { ...(await describeEngine(docker)), node: process.version };
    const backoff = await this.#prepare();
    const [upSeconds, stack] = await timed(async () => {
      // First: Promtail finds files that are missing when it starts only after 5 s.
      this.#writer = await this.#open();
      return this.#up();
    });
    const { seed } = this.#request;
    this.#loki = new LokiSide({ stack, seed, folder: this.#folder, journal: this.#journal, signal });
    if (stack.pipeline.kafka !== undefined)
      this.#kafka = new KafkaSide(stack, this.#request.runId, this.#folder, this.#journal);
    this.#upAtMs = Date.now();
    this.#follower = this.#follow(stack, this.#loki);
    const { watch } = this.#follower;
    this.#enter("prove");
    const hasArrived = () => watch.sentinels.size === this.#sources.length;
    const failure = await this.#prove(stack, hasArrived);
    this.#journal.add("proven", { failure: failure?.message ?? null });
    // Not before: by now whoever writes its own configuration when it starts has done so.
    const { differences, written, unchecked } = await stack.proveMounts();
    this.#journal.add("mounts-proven", { differences, written, unchecked });
    const known = { environment, arrivals: this.#arrivals, lapse: this.#lapse, notes: stack.notes };
    const isUnproven = failure && !(failure.hasEnded && this.#request.scenario.scenario.startIsClaimed);
    if (isUnproven || differences.length > 0) {
      const doubts = [...differences, ...(failure ? [failure.message] : [])];
      return { ...known, ...(await this.#unproven(doubts, upSeconds)) };
    }
    const patience = backoff
      ? patienceFrom(backoff)
      : ((await askPatience(stack, this.#counters.shipperPorts)) ?? stack.pipeline.shipper.patience);
    this.#journal.add("shipper", {
      products: this.#counters.shipperWatch.products,
      patience: patience ?? null,
    });
    const [loadSeconds, { ledger, faults }] = await timed(() => this.#load(stack, backoff));
    await this.#folder.writeJson("ledger.json", ledger);
    const unsettled = await this.#settle(faults, patience);
    const [readSeconds, read] = await timed(() => this.#read(stack, ledger));
    const observations = read.observations.length > 0 ? read.observations : [observationFor(ledger)];
    const isAllThere = observations.at(-1)!.deliveredCount() === this.#writer!.written;
    const doubts = [
      ...read.doubts,
      ...(unsettled === undefined || isAllThere ? [] : [unsettled]),
      ...(isAllThere ? this.#emptyHandedDoubts(faults) : []),
      ...(await this.#changesOf(stack)),
      ...this.#controlDoubts(),
      ...(await this.#unreadAgain(ledger, read.observations)),
    ];
    const isWalTorn = faults.some(({ kind }) => kind === "tear-wal");
    const remarks = [
      ...(unchecked > 0
        ? [`${unchecked} files that containers mount were not compared with the user's.`]
        : []),
      ...(failure ? [failure.message] : []),
      ...read.remarks,
      ...(isWalTorn ? [describeReplay(read.replay)] : []),
    ];
    const seconds = { up: upSeconds, load: loadSeconds, read: readSeconds, total: 0 };
    const { kafka, discarded } = read;
    const sites = kafka && (await this.#siteLoss?.judge(ledger, faults, kafka.offsets, observations.at(-1)!));
    const isReadToEnd = await this.#isReadToEnd();
    const totals = { ...this.#counters.totals, isReadToEnd };
    return {
      ...known,
      ...totals,
      images: this.#images,
      ledger,
      faults,
      observations,
      kafka,
      discarded,
      sites,
      doubts,
      remarks,
      seconds,
    };
  }

  /** Ends before anything is broken: what was written so far, and why nothing can be said of it. */
  async #unproven(doubts: string[], upSeconds: number) {
    this.#writer!.stop();
    const ledger = await this.#writer!.finished;
    await this.#folder.writeJson("ledger.json", ledger);
    return {
      ...this.#counters.totals,
      images: this.#images,
      isReadToEnd: false,
      ledger,
      faults: [],
      observations: [observationFor(ledger)],
      doubts,
      remarks: [],
      seconds: { up: upSeconds, load: 0, read: 0, total: 0 },
    };
  }

  /** That the way is open, and that nobody else's lines are taken for the run's. */
  async #prove(stack: Stack, hasArrived: () => boolean): Promise<ProofFailure | undefined> {
    const { sentinelTimeoutMs = defaultSentinelTimeoutMs, signal } = this.#context;
    const failure = await proveEndToEnd(stack, hasArrived, sentinelTimeoutMs, signal, this.#follower!);
    if (failure !== undefined) return failure;
    const message = await this.#loki!.checkSelector();
    return message === undefined ? undefined : { service: "", hasEnded: false, message };
  }

  /** Lines that were seen after Loki last started, and were not read back: Loki had no occasion to lose them. */
  async #unreadAgain(ledger: Ledger, observations: Observation[]): Promise<string[]> {
    return unreadAgain(ledger, this.#arrivals, observations, await this.#loki!.startedAtMs());
  }

  /** All that ran so far: a fault may give a service another one. */
  get #images(): Measured["images"] {
    return this.#containers.flatMap(({ images }) => images);
  }

  /** The shipper's own notes against the files as they are; a rotated file may have gone with lines that were never read. */
  async #isReadToEnd(): Promise<boolean> {
    if (this.#request.pipeline.shipper.config === undefined) return false;
    const { readBytes } = this.#counters.totals.shipper;
    const sizes = await Promise.all(
      this.#sources.map(async (source) => {
        const { size } = await stat(join(this.#logFiles.folder, `${source}.log`));
        return [`${source}.log`, size] as const;
      }),
    );
    const files = await readdir(this.#logFiles.folder);
    return files.length === sizes.length && sizes.every(([name, size]) => readBytes[name] === size);
  }

  /** Ends whatever this run started; may be called at any moment, and again. */
  async down(): Promise<void> {
    this.#enter("down");
    this.#writer?.stop();
    try {
      // A stack that stays up is healed, and what a fault has asked the engine for must not come after everything was removed.
      await this.#schedule?.ended;
      await this.#follower?.stop();
      await this.#saveLogs();
    } finally {
      if (!this.#request.keep) await this.#remove();
    }
  }

  async #remove(): Promise<void> {
    // Of a stack that was up before nothing carries this label but what the run has added to it.
    const removed = await removeProject(this.#context.docker, projectName(this.#request.runId));
    await removeLogFiles(this.#logFiles);
    this.#journal.add("down", { ...removed });
  }

  /** Keeps what the containers wrote: once they are gone nobody can ask them. */
  async #saveLogs(): Promise<void> {
    for (const group of this.#containers)
      for (const instance of group.instances)
        await this.#folder.writeText(
          `containers/${instance}.log`,
          this.#redactor.text(await group.logs(instance, keptLogLines)),
        );
  }

  /** Puts the pipeline's files into the run's folder, with the shipper's retries scaled where they are known. */
  async #prepare(): Promise<Backoff | undefined> {
    const { pipeline } = this.#request;
    await copyDescription(pipeline, this.#folder.pipeline, this.#redactor);
    if (pipeline.shipper.config === undefined) return undefined;
    const config = `${this.#folder.pipeline}/${pipeline.shipper.config}`;
    const backoff = await scaleShipperBackoff(config, this.#timeScale);
    if (this.#lapse) await stampWithLineTime(config);
    const horizon = retryHorizon(backoff);
    this.#journal.add("prepared", {
      timeScale: this.#timeScale,
      backoff,
      retryHorizon: horizon ?? null,
      timeLapse: this.#lapse ?? null,
    });
    return backoff;
  }

  /** What writes the lines, with every sentinel written. */
  async #open(): Promise<LogWriter> {
    this.#enter("up");
    const { writer, containers } = await createWriter(this.#plan, this.#requested, {
      ...this.#imageOptions(),
      docker: this.#context.docker,
      runId: this.#request.runId,
      logsFolder: this.#logFiles.folder,
    });
    this.#containers.push(...containers);
    return writer;
  }

  #imageOptions(): ImageOptions {
    const onProgress = (text: string) => this.#journal.add("image", { text });
    return { onProgress, signal: this.#context.signal };
  }

  async #up(): Promise<Stack> {
    const { docker } = this.#context;
    const stack = await Stack.up(docker, this.#request.pipeline, {
      runId: this.#request.runId,
      folder: this.#folder.pipeline,
      logsFolder: this.#logFiles.folder,
      copiesFolder: this.#logFiles.copies,
      variables: {
        ...this.#request.scenario.variables,
        ...(this.#lapse &&
          HeldRetention.variables(this.#request.pipeline.kafka?.retentionCheckVariables ?? [])),
      },
      ...this.#imageOptions(),
    });
    this.#containers.push(stack);
    this.#redactor.add(await stack.secrets());
    this.#journal.add("up", { images: this.#images, notes: stack.notes });
    return stack;
  }

  #follow(stack: Stack, loki: LokiSide): Follower {
    return new Follower({
      stack,
      watch: (signal) => loki.watch(this.#writer!.clock, this.#arrivals, this.#sources.length, signal),
      counters: this.#counters,
      onLook: () => {
        this.#tellStatus();
        this.#sample();
      },
      signal: this.#context.signal,
    });
  }

  async #load(
    stack: Stack,
    backoff: Backoff | undefined,
  ): Promise<{ ledger: Ledger; faults: FaultRecord[] }> {
    this.#enter("load");
    const failed = new AbortController();
    const signal = AbortSignal.any([this.#context.signal, failed.signal]);
    const planned = this.#request.withFaults ? this.#request.scenario.faults : [];
    const writer = this.#writer!;
    const onChange = (inForce: FaultInForce[]) => {
      const { pipeline } = this.#request;
      for (const fault of inForce)
        if (
          !this.#faultsInForce.includes(fault) &&
          fault.kind === "kill" &&
          hits(pipeline, fault.target, "loki")
        )
          this.#readableAtKills.push(this.#arrivals.count);
      this.#faultsInForce = inForce;
      this.#isLokiBroken = inForce.some(
        ({ kind, target }) => kind !== "swap-image" && (target === "loki" || target === "shipper-loki"),
      );
      this.#pauseFollower();
      this.#tellStatus();
    };
    const retention = await this.#holdRetention(stack, signal);
    const audit = (what: Audit) =>
      what === "kafka" ? this.#auditKafka(retention, signal) : this.#auditSite(stack, signal);
    const listener = { journal: this.#journal, onChange, audit };
    const world: FaultWorld = {
      stack,
      writer,
      ended: new Set(),
      whileNobodyAsks: (work) => this.#whileNobodyAsks(work),
      signal,
    };
    this.#schedule = runSchedule(planned, world, listener, signal);
    signal.addEventListener("abort", () => writer.stop(), { once: true });
    try {
      await this.#schedule.begun;
      writer.start();
      const [ledger, faults] = await Promise.all([writer.finished, this.#schedule.healed]);
      signal.throwIfAborted();
      this.#journal.add("loaded", { written: writer.written });
      const hasKafka = stack.pipeline.kafka !== undefined;
      return { ledger, faults: faults.map((fault) => withFigures(fault, ledger, backoff, hasKafka)) };
    } catch (thrown) {
      failed.abort(thrown);
      throw thrown;
    }
  }

  async #whileNobodyAsks<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#stepsAside++;
    this.#pauseFollower();
    try {
      return await work();
    } finally {
      this.#stepsAside--;
      this.#pauseFollower();
    }
  }

  #pauseFollower(): void {
    this.#follower!.setPaused(this.#isLokiBroken || this.#stepsAside > 0);
  }

  /**
   * Waits for what is under way.
   *
   * @returns why what is missing may still come; undefined if it cannot
   */
  async #settle(faults: FaultRecord[], patience: ShipperPatience | undefined): Promise<string | undefined> {
    this.#enter("settle");
    const { pipeline, settleSeconds = pipeline.settleSeconds } = this.#request;
    const worksAtMs = await this.#worksAgain();
    const quietMs =
      silenceMs(patience, disturbedSeconds(faults, worksAtMs) * 1_000) + pipeline.quietSeconds * 1_000;
    const deadlineMs = settleSeconds === undefined ? settleDeadlineMs + quietMs : settleSeconds * 1_000;
    const settled = await settle(
      {
        isComplete: () => this.#isComplete,
        lastMovedAtMs: () => this.#lastMovedAtMs,
        isUnderWay: () => this.#isUnderWay(faults),
      },
      { askAfterMs: settleAskAfterMs, quietMs, deadlineMs },
      this.#context.signal,
    );
    this.#journal.add("settled", { ...settled, quietMs, readable: this.#arrivals.count });
    await this.#follower!.stop();
    return describeUnsettled(settled);
  }

  get #isComplete(): boolean {
    return this.#arrivals.count === this.#writer!.written;
  }

  /** When a line last came, or the shipper last read one. */
  get #lastMovedAtMs(): number {
    return Math.max(this.#follower!.watch.lastMovedAtMs, this.#counters.shipperWatch.movedAtMs);
  }

  /** Waits until Loki answers after the last fault: only then has whoever waits for its next try anybody to deliver to. */
  async #worksAgain(): Promise<number> {
    const sinceMs = Date.now();
    while (
      !this.#isComplete &&
      this.#follower!.answeredAtMs < sinceMs &&
      Date.now() < sinceMs + worksTimeoutMs
    )
      await pause(worksProbeMs, this.#context.signal);
    return Date.now();
  }

  /**
   * Whether lines are on their way: the consumer has not come to the end of the topic, or the shipper has not come to the end of what was
   * written, or holds a batch. A shipper that was ended has forgotten what it did, and one of the user's own may ship other files as
   * well: then what it has counted cannot show that it is done.
   */
  async #isUnderWay(faults: FaultRecord[]): Promise<boolean | undefined> {
    const { read, sent, dropped } = this.#counters.totals.shipper;
    const entries = entriesOf(this.#writer!.soFar());
    const wasEnded = faults.some(({ target }) => hits(this.#request.pipeline, target, "shipper"));
    const isCounted = this.#request.pipeline.shipper.config !== undefined;
    const isShipperDone =
      isCounted && !wasEnded && read === entries && sent + droppedInAll({ dropped }) === entries;
    // Asked last: what the shipper was done with before is in Kafka by now, or never will be.
    const isConsumerBehind = this.#kafka === undefined ? false : await this.#kafka.isConsumerBehind();
    if (isConsumerBehind || this.#counters.shipperWatch.isHolding(Date.now())) return true;
    if (!isShipperDone || isConsumerBehind === undefined) return undefined;
    const movedAtMs = this.#lastMovedAtMs;
    await this.#follower!.nextLook();
    return this.#lastMovedAtMs === movedAtMs ? false : undefined;
  }

  async #read(stack: Stack, ledger: Ledger) {
    this.#enter("read");
    await this.#counters.scrape(stack);
    this.#journal.add("counters", { ...this.#counters.totals });
    this.#sample();
    const result = await this.#loki!.read(ledger, this.#context.lokiFront);
    const { received, discarded, replay } = await lokiTotals(stack, this.#upAtMs);
    const { kafka, remarks } = await this.#readKafka(ledger, received);
    return { ...result, discarded, replay, kafka, remarks: [...result.remarks, ...remarks] };
  }

  /** What lies in Kafka; what could not be read there is a remark, since no verdict rests on it. */
  async #readKafka(
    ledger: Ledger,
    received: number | undefined,
  ): Promise<{ kafka?: KafkaMeasured; remarks: string[] }> {
    if (this.#kafka === undefined) return { remarks: [] };
    try {
      const reading = await this.#kafka.read(ledger, this.#context.signal);
      return { kafka: { ...reading, received }, remarks: [] };
    } catch (thrown) {
      if (!(thrown instanceof ReadError)) throw thrown;
      return { remarks: [thrown.message] };
    }
  }

  async #holdRetention(stack: Stack, signal: AbortSignal): Promise<HeldRetention | undefined> {
    if (this.#lapse === undefined || this.#kafka === undefined) return undefined;
    const retention = new HeldRetention(stack, signal);
    await retention.hold();
    return retention;
  }

  /** What Kafka holds before a fault heals, and what is left of it once its retention has been applied to a backlog of a lapse. */
  async #auditKafka(retention: HeldRetention | undefined, signal: AbortSignal): Promise<string> {
    if (this.#kafka === undefined) throw new RangeError("there is no Kafka to be audited");
    const held = await this.#kafka.audit(this.#writer!, signal);
    if (retention === undefined) return held;
    const offsets = await retention.apply();
    const deleted = offsets.reduce((sum, { low }) => sum + Number(low), 0);
    this.#journal.add("retention-applied", { deleted, left: recordsIn(offsets) });
    return `${held}; its retention then deleted ${deleted} records`;
  }

  /** What the second site has while the first is lost. */
  async #auditSite(stack: Stack, signal: AbortSignal): Promise<string> {
    if (this.#kafka === undefined) throw new RangeError("there is no Kafka to be audited");
    this.#siteLoss = new SiteLoss({
      stack,
      kafka: this.#kafka,
      watch: this.#follower!.watch,
      arrivals: this.#arrivals,
      read: (ledger) => this.#loki!.readOptions(ledger),
      signal,
    });
    return this.#siteLoss.audit(this.#writer!);
  }

  /** What somebody else did to the stack: what was lost then may be that one's doing. */
  async #changesOf(stack: Stack): Promise<string[]> {
    const changes = await stack.changes(stack.services);
    return changes.length === 0 ? [] : [`Something else changed the stack: ${changes.join(", ")}.`];
  }

  /** A Loki that has no line yet has none to lose, whatever it keeps and whatever not. */
  #emptyHandedDoubts(faults: FaultRecord[]): string[] {
    const kills = this.#readableAtKills;
    const wereKilled = faults.every(({ effective }) => effective) && kills.length > 0;
    return !wereKilled || kills.some((readable) => readable > 0)
      ? []
      : [
          "No line could be read yet when Loki was killed, so that it had none to lose; write more of them, with --lines or --rate.",
        ];
  }

  #controlDoubts(): string[] {
    return this.#request.withFaults
      ? []
      : ["The faults were disabled (--no-faults), so nothing was put to the test."];
  }

  #enter(phase: RunStatus["phase"]): void {
    this.#phase = phase;
    this.#tellStatus();
  }

  #sample(): void {
    const written = this.#writer?.written ?? 0;
    const lines = { at: Date.now(), written, readable: this.#arrivals.count };
    this.#timeline.add({ ...lines, ...countedOf(this.#request.pipeline, this.#counters.totals) });
  }

  #tellStatus(): void {
    this.#context.onStatus({
      phase: this.#phase,
      written: this.#writer?.written ?? 0,
      lines: Math.max(this.#plan.lines, this.#writer?.written ?? 0),
      readable: this.#arrivals.count,
      faultsInForce: this.#faultsInForce.map(({ kind, target }) => `${kind} ${target}`),
    });
  }
}

async function timed<Result>(work: () => Promise<Result>): Promise<[seconds: number, result: Result]> {
  const startedAtMs = performance.now();
  const result = await work();
  return [(performance.now() - startedAtMs) / 1_000, result];
}
