import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redactor } from "../../src/base/redact.ts";
import { fileLocation } from "../../src/load/file-location.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { LinesLocation } from "../../src/load/lines-location.ts";
import { clockFromNow, type LoadPlan } from "../../src/load/load-plan.ts";
import type { LoadWriter } from "../../src/load/load-writer.ts";
import { memoryPipeline } from "../../src/places/memory/memory-pipeline.ts";
import { MemoryPlace, type MemoryPlaceOptions } from "../../src/places/memory/memory-place.ts";
import type { MemoryStack } from "../../src/places/memory/memory-stack.ts";
import type { Audit, ScheduledFault } from "../../src/plan/scenario.ts";
import { type RunningSchedule, runSchedule } from "../../src/run/schedule.ts";
import { Journal, type JournalEvent } from "../../src/store/journal.ts";

const lines = 100;
const runId = "test-schedule";

/** A load that stands wherever a test puts it, instead of going by time. */
class SteppedLoad implements LoadWriter {
  readonly plan: LoadPlan;
  readonly clock;
  readonly location: LinesLocation;
  readonly finished: Promise<Ledger> = Promise.race([]);
  written = 0;
  hasEnded = false;
  /** How many lines it was told to write. */
  end: number | undefined;

  constructor(folder: string) {
    this.plan = { folder, seed: "0000000000000000", sources: ["app-1"], lines, linesPerSecond: 100 };
    this.clock = clockFromNow(this.plan);
    this.location = fileLocation(this.plan);
  }

  async meetShipper(): Promise<void> {}

  async isReadToEnd() {
    return false;
  }

  start(): void {}

  endAt(end: number): void {
    this.end ??= end;
  }

  stop(): void {
    this.hasEnded = true;
  }

  soFar(): never {
    throw new Error("no ledger is needed");
  }

  async rotate() {
    return [];
  }

  async crash() {
    return [];
  }
}

/** A schedule on the place in memory, of which a test moves the load. */
export interface SteppedSchedule extends AsyncDisposable {
  schedule: RunningSchedule;
  stack: MemoryStack;
  load: SteppedLoad;
  /** The faults in force each time that they changed: `KIND TARGET`. */
  inForce: string[][];
  events: JournalEvent[];
  audits: Audit[];
  abort: (reason: Error) => void;
}

/** Starts faults on a pipeline in memory, with a load of 100 lines that stands at its beginning. */
export async function steppedSchedule(
  faults: ScheduledFault[],
  options: MemoryPlaceOptions = {},
  change: (stack: MemoryStack) => void = () => {},
): Promise<SteppedSchedule> {
  const folder = await mkdtemp(join(tmpdir(), "everyline-schedule-"));
  const aborted = new AbortController();
  const { signal } = aborted;
  const place = new MemoryPlace(options);
  const stack = await place.start(memoryPipeline(), {
    runId,
    folder,
    logsFolder: folder,
    onProgress: () => {},
    signal,
  });
  change(stack);
  const load = new SteppedLoad(folder);
  const [inForce, events, audits]: [string[][], JournalEvent[], Audit[]] = [[], [], []];
  const journal = new Journal(join(folder, "journal.ndjson"), new Redactor(), (event) => events.push(event));
  const schedule = runSchedule(
    faults,
    { stack, writer: load, signal, withPollingPaused: (work) => work() },
    {
      journal,
      onChange: (now) => inForce.push(now.map(({ kind, target }) => `${kind} ${target}`)),
      audit: async (what) => {
        audits.push(what);
        journal.add("audited", { what });
        return { code: "kafka-held", delivered: 3, written: 4, deleted: null };
      },
    },
    signal,
  );
  return {
    schedule,
    stack,
    load,
    inForce,
    events,
    audits,
    abort: (reason) => aborted.abort(reason),
    [Symbol.asyncDispose]: async () => {
      aborted.abort(new Error("the test is over"));
      await schedule.ended;
      await place.remove(runId);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
