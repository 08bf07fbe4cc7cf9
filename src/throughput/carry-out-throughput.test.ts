import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryPipeline } from "../places/memory/memory-pipeline.ts";
import { MemoryPlace, type MemoryPlaceOptions } from "../places/memory/memory-place.ts";
import { carryOutThroughput } from "./carry-out-throughput.ts";
import { parseGoal } from "./search/search-goal.ts";
import { type ThroughputDocument, throughputDocumentSchema } from "./throughput-document.ts";
import type { ThroughputPlan } from "./throughput-plan.ts";

const capacity = 3_000;
/** What the store takes at once, beyond what it takes in a second. */
const batchLines = 500;
const lagBoundSeconds = 1;
const trialSeconds = 1;

let reportsFolder: string;
beforeAll(async () => {
  reportsFolder = await mkdtemp(join(tmpdir(), "everyline-throughput-"));
});
afterAll(() => rm(reportsFolder, { recursive: true, force: true }));

/** Searches on a pipeline in memory whose store takes a known number of lines in a second. */
async function searched(
  place: MemoryPlaceOptions | MemoryPlace,
  differs: Partial<ThroughputPlan> = {},
): Promise<ThroughputDocument> {
  const memory = place instanceof MemoryPlace ? place : new MemoryPlace(place);
  const document = await carryOutThroughput(
    {
      pipeline: memoryPipeline(),
      part: "pipeline",
      claim: undefined,
      goals: [parseGoal(`trial=${trialSeconds}s,width=0.2`)],
      limits: { minLoad: 500, maxLoad: 8_000, startLoad: 2_000, maxTrials: 20, maxSeconds: 120 },
      sources: 2,
      lagBoundSeconds,
      drainSeconds: 20,
      warmUpSeconds: 0.2,
      latency: false,
      model: false,
      ...differs,
    },
    {
      place: memory,
      signal: new AbortController().signal,
      reportsFolder,
      onEvent: () => {},
      onStatus: () => {},
      onTrial: () => {},
      lateCopiesMs: 0,
    },
  );
  expect(await memory.leftovers()).toEqual([]);
  return document;
}

const throttled = { store: { linesPerSecond: capacity } };

describe.concurrent("a search on a pipeline of known capacity", () => {
  it("finds it, loses no line on the way, and stores what it has found", async () => {
    const document = await searched(throttled);
    const [goal] = document.goals;
    expect(document).toMatchObject({
      ended: "goals-reached",
      failure: null,
      verdict: "unknown",
      why: "no-claim",
    });
    expect(goal!.irregular).toEqual([]);
    // One trial of the goal's duration decides about a load.
    expect(new Set(document.trials.map(({ load }) => load)).size).toBe(document.trials.length);
    // A queue may have grown by what the lag allows. On a busy machine lines are late at a lower rate as well.
    const mostTaken = capacity * (1 + lagBoundSeconds / trialSeconds) + batchLines;
    expect(goal!.relevantLowerBound).toBeLessThanOrEqual(mostTaken);
    expect(goal!.arrivalRate).toBeLessThanOrEqual(capacity + batchLines);
    for (const trial of document.trials) {
      expect(trial).toMatchObject({ lost: 0, isBacklogLeft: false, delivered: trial.intendedLines });
      if (trial.load > mostTaken) expect(trial.late).toBeGreaterThan(0);
    }
    const folder = join(reportsFolder, document.throughputId);
    const stored = JSON.parse(await readFile(join(folder, "throughput.json"), "utf8"));
    expect(throughputDocumentSchema.parse(stored)).toEqual(document);
    // Neither what was written nor what was read stays: a search would fill the disk.
    expect(await readFile(join(folder, "throughput.md"), "utf8")).toContain(
      "# Throughput of memory (single): unknown",
    );
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((name) => /observed|\.log$/.test(name) && !name.startsWith("containers"))).toEqual(
      [],
    );
  });

  it("tries a claimed rate first, and judges it by the trials at that rate", async () => {
    const claimed = async (linesPerSecond: number) => {
      const claim = { pipeline: "memory", linesPerSecond, text: "It takes so many.", source: "a test" };
      return searched(throttled, {
        claim,
        limits: { minLoad: 500, maxLoad: 8_000, startLoad: 2_000, maxTrials: 1, maxSeconds: 120 },
      });
    };
    const tooMuch = await claimed(8_000);
    expect(tooMuch.trials.map(({ load }) => load)).toEqual([8_000]);
    expect(tooMuch.ended).toBe("trials");
    expect(tooMuch.verdict).not.toBe("holds");
    const outOfRange = await claimed(9_000);
    expect(outOfRange).toMatchObject({ verdict: "unknown", why: "not-tried" });
    expect(outOfRange.trials.map(({ load }) => load)).toEqual([2_000]);
  });

  it("counts what is lost line by line, although as many lines were written as acknowledged", async () => {
    const document = await searched(
      { store: { losesEvery: 100 } },
      {
        limits: { minLoad: 500, maxLoad: 1_000, startLoad: 1_000, maxTrials: 2, maxSeconds: 120 },
        drainSeconds: 3,
      },
    );
    expect(document.trials.map(({ lost }) => lost > 0)).toEqual([true, true]);
    expect(document.goals[0]).toMatchObject({ relevantLowerBound: null, irregular: ["no-lower-bound"] });
  });

  it("keeps what it has found though something cannot be removed", async () => {
    class StuckPlace extends MemoryPlace {
      override async remove(runId: string): Promise<never> {
        await super.remove(runId);
        throw new Error("network has active endpoints");
      }
    }
    const document = await searched(new StuckPlace(), {
      limits: { minLoad: 500, maxLoad: 1_000, startLoad: 1_000, maxTrials: 1, maxSeconds: 120 },
    });
    expect(document.trials).toHaveLength(1);
    const stored = join(reportsFolder, document.throughputId, "throughput.json");
    expect(JSON.parse(await readFile(stored, "utf8"))).toEqual(document);
    expect(await readFile(join(reportsFolder, document.throughputId, "journal.ndjson"), "utf8")).toContain(
      "cleanup-failed",
    );
  });

  it("measures latency at parts of the highest rate", async () => {
    const limits = { minLoad: 500, maxLoad: 1_000, startLoad: 1_000, maxTrials: 5, maxSeconds: 120 };
    const claim = { pipeline: "memory", linesPerSecond: 1_000, text: "So many.", source: "a test" };
    const { latency, latencyVerdict } = await searched(
      {},
      { limits, latency: true, claim: { ...claim, latencyBelowMs: 60_000 } },
    );
    expect(latency.map(({ load }) => load)).toEqual([10, 500, 900]);
    for (const { load, lines, unseen, atMost, atLeast } of latency) {
      expect({ lines, unseen }).toEqual({ lines: load * trialSeconds, unseen: 0 });
      for (const of of ["p50", "p99", "p999", "max"] as const)
        expect(atLeast![of]).toBeLessThanOrEqual(atMost![of]);
    }
    expect(latencyVerdict).toEqual({ verdict: "holds", why: "in-time" });
  });

  it("overloads the pipeline by a given rate, and says how long it takes to catch up", async () => {
    const { trials, ended, overload } = await searched(throttled, {
      overload: { highest: 2_000, seconds: 2 },
    });
    expect({ trials, ended }).toEqual({ trials: [], ended: "rate-given" });
    expect(overload).toMatchObject({
      ...{ highest: 2_000, boundSeconds: 6, isBacklogLeft: false, refused: [], ended: [] },
      over: { load: 4_000, lines: 8_000, delivered: 8_000, lost: 0 },
      after: { load: 1_000, lines: 6_000, delivered: 6_000, lost: 0 },
    });
    expect(overload!.caughtUpSeconds).toBeGreaterThanOrEqual(0);
    // A busy machine may not write so much, or take longer.
    expect(["caught-up", "writer", "machine-at-its-end"]).toContain(overload!.why);
  });

  it("is broken by an overload in which lines are lost, after the highest rate was found", async () => {
    const { trials, overload } = await searched(
      { store: { losesEvery: 3_000 } },
      {
        goals: [parseGoal(`trial=${trialSeconds}s,width=0.2,loss=0.01`)],
        limits: { minLoad: 500, maxLoad: 1_000, startLoad: 1_000, maxTrials: 2, maxSeconds: 120 },
        drainSeconds: 30,
        overload: { highest: undefined, seconds: 2 },
      },
    );
    expect(trials.length).toBeGreaterThan(0);
    expect(overload).toMatchObject({ highest: 1_000, verdict: "broken", why: "lost", caughtUpSeconds: null });
    expect(overload!.over.lost + overload!.after.lost).toBeGreaterThan(0);
  });

  it("ends when the pipeline still holds lines of the last trial", async () => {
    const document = await searched(
      { store: { linesPerSecond: 500 } },
      {
        limits: { minLoad: 500, maxLoad: 8_000, startLoad: 8_000, maxTrials: 5, maxSeconds: 120 },
        drainSeconds: 1,
      },
    );
    expect(document.ended).toBe("backlog");
    expect(document.trials).toHaveLength(1);
    expect(document.trials[0]).toMatchObject({ isBacklogLeft: true });
  });
});
