import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UnavailableError } from "../base/errors.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { machineOf } from "../judge/run-surroundings.ts";
import { randomSeed } from "../load/seed.ts";
import type { Plan } from "../plan/plan.ts";
import { seeded } from "../plan/plan-of-run.ts";
import { describeImages } from "../report/describe.ts";
import type { RunRequest } from "../run/run-request.ts";
import { newRunId } from "../store/run-id.ts";
import { concluded, triedOf } from "./conclude-sweep.ts";
import { measuredRun } from "./measure-run.ts";
import { needsAnother, nextLength, type Outcome } from "./search.ts";
import type { SweepDocument, SweepStep, SweptRun } from "./sweep-document.ts";
import type { SweepPlan } from "./sweep-plan.ts";
import { writeSweepReports } from "./write-sweep-reports.ts";

/** After so many failed runs in a row something is wrong with the machine, and the sweep ends. */
const mostFailuresInARow = 3;
/** A search that nothing else ends makes no more runs. */
const mostRuns = 200;

/** What carrying out a sweep needs in addition to its plan. */
export interface SweepContext {
  signal: AbortSignal;
  reportsFolder: string;
  /** Carries out a run and writes its reports. `position` is for the display of its progress. */
  carryOut: (request: RunRequest, position: string) => Promise<RunDocument>;
  /** Called after each run. */
  onRun: (nominal: number, run: SweptRun) => void;
  /** Called with the sweep's folder if the sweep was interrupted. */
  onInterrupted: (folder: string) => void;
}

/** Why a sweep ended early. */
class EndedEarly extends Error {
  readonly why: SweepDocument["ended"];

  constructor(why: SweepDocument["ended"]) {
    super(why);
    this.why = why;
  }
}

/**
 * Carries out a sweep, one run after the other, each in a folder of its own in the sweep's folder. The document is written after every run, so that
 * one that is interrupted keeps what it has.
 *
 * @throws UnavailableError if the machine lacks something, before any run came to an end
 * @throws the signal's reason if it aborts
 */
export async function carryOutSweep(plan: SweepPlan, context: SweepContext): Promise<SweepDocument> {
  const sweep = new Sweep(plan, context);
  await sweep.carryOut();
  return sweep.document;
}

class Sweep {
  document: SweepDocument;
  readonly #plan: SweepPlan;
  readonly #context: SweepContext;
  readonly #folder: string;
  readonly #startedMs = performance.now();
  #runs = 0;
  #failuresInARow = 0;

  constructor(plan: SweepPlan, context: SweepContext) {
    this.#plan = plan;
    this.#context = context;
    this.document = begun(plan);
    this.#folder = join(context.reportsFolder, this.document.sweepId);
  }

  async carryOut(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    try {
      await (this.#plan.swept.of === "outage" ? this.#lengths() : this.#sizes());
    } catch (thrown) {
      const { signal } = this.#context;
      if (!signal.aborted && !(thrown instanceof EndedEarly)) throw thrown;
      this.document.ended = thrown instanceof EndedEarly ? thrown.why : "interrupted";
      await this.#save(new Date().toISOString());
      if (signal.aborted) this.#context.onInterrupted(this.#folder);
      signal.throwIfAborted();
    }
    await this.#save(new Date().toISOString());
  }

  async #lengths(): Promise<void> {
    const { swept } = this.#plan;
    const { document } = this;
    if (swept.of !== "outage" || document.of !== "outage") return;
    for (;;) {
      const length = nextLength(triedOf(this.document.steps), swept.search);
      if (length === undefined) break;
      await this.#step(length, this.document.steps, false);
    }
    if (!swept.straddles || this.document.of !== "outage") return;
    const { heldSeconds, lostSeconds } = this.document.bounds;
    for (const length of [heldSeconds, lostSeconds])
      if (length !== null) await this.#step(length, document.straddle, true);
  }

  async #sizes(): Promise<void> {
    if (this.#plan.swept.of !== "lines") return;
    for (const size of this.#plan.swept.sizes) await this.#step(size, this.document.steps, false);
  }

  /** The runs of one length or size; in real time there is one. */
  async #step(nominal: number, steps: SweepStep[], isRealTime: boolean): Promise<void> {
    const step: SweepStep = { nominal, runs: [] };
    const decided = (): Outcome[] =>
      step.runs.map(({ outcome, verdict }) => {
        if (this.document.of === "outage") return outcome;
        return verdict === "unknown" ? "unknown" : "held";
      });
    while (needsAnother(decided(), isRealTime ? 1 : this.#plan.runs)) {
      const run = await this.#run(nominal, isRealTime);
      if (step.runs.length === 0) steps.push(step);
      step.runs.push(run);
      await this.#save(null);
      this.#context.onRun(nominal, run);
      if (this.#failuresInARow >= mostFailuresInARow) throw new EndedEarly("failure");
    }
  }

  async #run(nominal: number, isRealTime: boolean): Promise<SweptRun> {
    this.#context.signal.throwIfAborted();
    const plan = await this.#plan.planAt(nominal, isRealTime);
    this.#assertFits(plan);
    const request: RunRequest = {
      runId: newRunId(plan.scenario),
      plan: seeded(plan, randomSeed()),
      pipeline: this.#plan.pipeline,
      keep: false,
      reportsFolder: this.#folder,
    };
    try {
      const run = await this.#context.carryOut(request, `(${++this.#runs})`);
      const measured = await measuredRun(run, join(this.#folder, request.runId));
      this.document.machine ??= machineOf(run);
      if (this.document.images.length === 0) this.document.images = [describeImages(run)];
      this.#failuresInARow = 0;
      return measured;
    } catch (thrown) {
      this.#context.signal.throwIfAborted();
      if (thrown instanceof UnavailableError && this.document.machine === null) throw thrown;
      this.#failuresInARow++;
      return failedRun(request, messageOf(thrown));
    }
  }

  /** Ends the sweep if writing the lines of the next run would take longer than what is left. */
  #assertFits({ load }: Plan): void {
    if (this.#runs >= mostRuns) throw new EndedEarly("runs");
    const elapsedSeconds = (performance.now() - this.#startedMs) / 1_000;
    if (elapsedSeconds + load.seconds > this.#plan.budgetSeconds) throw new EndedEarly("time");
  }

  async #save(finishedAt: string | null): Promise<void> {
    this.document = concluded({ ...this.document, finishedAt });
    await writeSweepReports(this.document, this.#folder);
  }
}

function begun({ scenario, pipeline, swept, runs, command }: SweepPlan): SweepDocument {
  const common = {
    schema: "everyline/sweep@1" as const,
    sweepId: newRunId(`sweep-${scenario}`),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    ...{ scenario, pipeline: pipeline.name, layout: pipeline.layout, command },
    ...{ machine: null, images: [], ended: "done" as const, steps: [] },
    ...{ claim: swept.claim ?? null, verdict: "unknown" as const, why: "not-measured" as const },
  };
  if (swept.of === "lines") {
    const { from, to } = swept.range;
    return { ...common, of: "lines", wanted: { fewestLines: from, mostLines: to, runs }, fit: null };
  }
  const { shortestSeconds, longestSeconds, width } = swept.search;
  const bounds = { heldSeconds: null, lostSeconds: null, inversions: [], mixed: [], undecided: [] };
  return {
    ...common,
    of: "outage",
    wanted: { shortestSeconds, longestSeconds, width, runs },
    bounds,
    straddle: [],
  };
}

function failedRun({ runId, plan }: RunRequest, failure: string): SweptRun {
  return {
    ...{ runId, failure, verdict: "unknown", reasons: [], outcome: "unknown" },
    ...{ written: 0, lost: 0, timeScale: plan.timeScale, outage: null, backlog: null },
  };
}
