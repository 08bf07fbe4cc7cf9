import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { randomSeed } from "../../src/load/seed.ts";
import type { Bounds } from "../../src/pipeline/bounds.ts";
import { memoryPipeline } from "../../src/places/memory/memory-pipeline.ts";
import { MemoryPlace, type MemoryPlaceOptions } from "../../src/places/memory/memory-place.ts";
import type { MemoryStack } from "../../src/places/memory/memory-stack.ts";
import { type Claim, holds } from "../../src/plan/claim.ts";
import { planOf, seeded } from "../../src/plan/plan-of-run.ts";
import { casesOf, type ScheduledFault } from "../../src/plan/scenario.ts";
import { run } from "../../src/run/run.ts";
import type { RunContext } from "../../src/run/run-request.ts";
import type { JournalEvent } from "../../src/store/journal.ts";
import { newRunId } from "../../src/store/run-id.ts";

const lines = 200;
/** Slow enough for lines to be written while each fault holds, also on a busy machine. */
const linesPerSecond = 200;

class WatchedPlace extends MemoryPlace {
  stack: MemoryStack | undefined;
  secrets: string[] = [];

  override async start(...args: Parameters<MemoryPlace["start"]>): Promise<MemoryStack> {
    const stack = await super.start(...args);
    stack.secrets = async () => this.secrets;
    this.stack = stack;
    return stack;
  }
}

/** What of a run in memory is to be otherwise. */
export interface MemoryRunOptions {
  place?: MemoryPlaceOptions;
  /** Whether the store is asked for its lines, or the file on its disk is read. */
  sink?: "memory" | "file";
  /** The template of the lines. */
  line?: string;
  faults?: ScheduledFault[];
  bounds?: Bounds;
  withFaults?: boolean;
  /** What the instances of the stack have under the name of a secret. */
  secrets?: string[];
  context?: Partial<RunContext>;
  /** Where it stores its files, under an id that sorts by time; a folder that is removed at once if absent. */
  reportsFolder?: string;
  /** Is called at each event of the journal; `stack` is undefined until it is up. */
  meddle?: (event: string, stack: MemoryStack | undefined) => void;
}

/** What came of a run in memory. */
export interface MemoryRun {
  document: RunDocument;
  events: JournalEvent[];
  /** What the place has left of it. */
  leftovers: string[];
}

/** Carries out a whole run of 200 lines in one second on the place in memory. */
export async function memoryRun({
  place: placeOptions,
  sink = "memory",
  line,
  faults = [],
  bounds = { lost: 0 },
  withFaults = true,
  secrets = [],
  context = {},
  reportsFolder: kept,
  meddle = () => {},
}: MemoryRunOptions = {}): Promise<MemoryRun> {
  const reportsFolder = kept ?? (await mkdtemp(join(tmpdir(), "everyline-memory-")));
  const place = new WatchedPlace(placeOptions);
  place.secrets = secrets;
  const pipeline = memoryPipeline(sink);
  const [scenario] = casesOf({
    name: "in-memory",
    load: { lines, linesPerSecond, sources: 2 },
    cases: { "": { summary: "A run in memory.", faults } },
  });
  const claim: Claim = {
    id: "memory/in-memory",
    pipeline: "memory",
    scenario: "in-memory",
    text: "Nothing is lost.",
    source: "a test",
    bounds,
    measured: holds,
  };
  const plan = await planOf({ scenario: scenario!, pipeline, claim, load: {}, realTime: false, withFaults });
  const events: JournalEvent[] = [];
  try {
    const document = await run(
      {
        runId: kept === undefined ? `test-memory-${randomSeed()}` : newRunId("memory"),
        plan: seeded({ ...plan, load: { ...plan.load, line } }, randomSeed()),
        pipeline,
        keep: false,
        reportsFolder,
      },
      {
        place,
        signal: new AbortController().signal,
        onEvent: (event) => {
          events.push(event);
          meddle(event.event, place.stack);
        },
        onStatus: () => {},
        sentinelTimeoutMs: 30_000,
        // The store in memory writes at once.
        lateCopiesMs: 100,
        ...context,
      },
    );
    return { document, events, leftovers: await place.leftovers() };
  } finally {
    if (kept === undefined) await rm(reportsFolder, { recursive: true, force: true });
  }
}
