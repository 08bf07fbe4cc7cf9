import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UnavailableError } from "../base/errors.ts";
import { memoryPipeline } from "../places/memory/memory-pipeline.ts";
import { MemoryPlace } from "../places/memory/memory-place.ts";
import { type Claim, holds } from "../plan/claim.ts";
import { planOf } from "../plan/plan-of-run.ts";
import { casesOf } from "../plan/scenario.ts";
import { run } from "../run/run.ts";
import { carryOutSweep, type SweepContext } from "./carry-out-sweep.ts";
import { sweepDocumentSchema } from "./sweep-document.ts";
import { reportStoredSweep } from "./sweep-folder.ts";
import type { SweepPlan } from "./sweep-plan.ts";

let reportsFolder: string;
beforeAll(async () => {
  reportsFolder = await mkdtemp(join(tmpdir(), "everyline-sweep-"));
});
afterAll(() => rm(reportsFolder, { recursive: true, force: true }));

/** Lengths are a two-hundredth of what they say. */
const timeScale = 0.005;
/** The shipper gives up after about half a second, which stands for 100 s. */
const shipper = { retries: 10, firstRetryMs: 50, longestRetryMs: 50 };

const claim: Claim = {
  ...{
    id: "memory/outage",
    pipeline: "memory",
    scenario: "outage",
    text: "Nothing is lost.",
    source: "a test",
  },
  ...{ bounds: { lost: 0, recoverySeconds: 60 }, measured: holds },
};

const [scenario] = casesOf({
  name: "outage",
  load: { lines: 200, linesPerSecond: 200, sources: 2 },
  cases: {
    "": {
      ...{ summary: "The store is stopped.", outage: { holds: "1m" }, timeScale },
      faults: [{ kind: "stop", target: "sink", at: 0.2, until: 0.8 }],
    },
  },
});

function planWith(swept: SweepPlan["swept"], budgetSeconds = 600): SweepPlan {
  const pipeline = memoryPipeline("memory");
  const common = { pipeline, claim, realTime: false, withFaults: true };
  return {
    ...{ scenario: "outage", pipeline, swept, runs: 1, budgetSeconds, command: ["sweep"] },
    planAt: (nominal) =>
      swept.of === "outage"
        ? planOf({ ...common, scenario: { ...scenario!, outage: { holds: `${nominal}s` } }, load: {} })
        : planOf({
            ...common,
            scenario: { ...scenario!, outage: { holds: "40s" } },
            load: { lines: nominal },
          }),
  };
}

function context(changes: Partial<SweepContext> = {}): SweepContext {
  const { signal } = new AbortController();
  const place = new MemoryPlace({ shipper });
  return {
    ...{ signal, reportsFolder, onRun: () => {}, onInterrupted: () => {} },
    carryOut: (request) =>
      run(request, { place, signal, onEvent: () => {}, onStatus: () => {}, lateCopiesMs: 100 }),
    ...changes,
  };
}

const outages: SweepPlan["swept"] = {
  of: "outage",
  search: { shortestSeconds: 40, longestSeconds: 800, claimedSeconds: 50_000, width: 1, runs: 1 },
  claim: { seconds: 50_000, text: "Hours.", source: "a test" },
  straddles: true,
};

describe.concurrent("a sweep on the place in memory", () => {
  it("finds from which length of outage the shipper gives up, and keeps every run", {
    timeout: 120_000,
  }, async () => {
    const lines: string[] = [];
    const document = await carryOutSweep(
      planWith(outages),
      context({ onRun: (nominal) => lines.push(`${nominal}`) }),
    );
    if (document.of !== "outage") throw new Error("not a sweep of outages");
    const { heldSeconds, lostSeconds, undecided } = document.bounds;
    expect(document).toMatchObject({ ended: "done", verdict: "broken", why: "lost" });
    expect(lines[0]).toBe("40");
    // On a busy machine the shortest outage may last longer than the shipper's patience.
    expect(lostSeconds).not.toBeNull();
    if (heldSeconds === null) expect(lostSeconds).toBe(40);
    else if (undecided.length === 0) expect(lostSeconds! / heldSeconds).toBeLessThanOrEqual(2);
    expect(document.straddle.map(({ nominal }) => nominal)).toEqual(
      [heldSeconds, lostSeconds].filter((length) => length !== null),
    );
    const folder = join(reportsFolder, document.sweepId);
    const stored = JSON.parse(await readFile(join(folder, "sweep.json"), "utf8"));
    expect(sweepDocumentSchema.parse(stored)).toEqual(document);
    const files = await readdir(folder);
    for (const { runs } of document.steps)
      for (const { runId, outage } of runs) {
        expect(files).toContain(runId);
        expect(outage!.atMostSeconds!).toBeGreaterThanOrEqual(outage!.atLeastSeconds);
      }
    expect(await readFile(join(folder, "sweep.md"), "utf8")).toContain("The shortest outage with loss was");
    const page = await readFile(join(folder, "sweep.md"), "utf8");
    expect(await reportStoredSweep(folder)).toEqual(["sweep.json", "sweep.md", "sweep.svg"]);
    expect(await readFile(join(folder, "sweep.md"), "utf8")).toBe(page);
    expect(await readFile(join(folder, "sweep.svg"), "utf8")).toMatch(/^<svg .*class="lost".*<\/svg>\n$/s);
  });

  it("measures the backlog and the time that it takes to drain", { timeout: 120_000 }, async () => {
    const swept: SweepPlan["swept"] = {
      ...{ of: "lines", range: { from: 100, to: 1_000 }, sizes: [100, 300, 1_000] },
      claim: { seconds: 60, text: "Within a minute.", source: "a test" },
    };
    const document = await carryOutSweep(planWith(swept), context());
    if (document.of !== "lines") throw new Error("not a sweep of lines");
    expect(document).toMatchObject({ verdict: "holds", why: "judged", ended: "done" });
    expect(document.fit).not.toBeNull();
    for (const { nominal, runs } of document.steps) {
      const { lines, recoverySeconds } = runs[0]!.backlog!;
      // 60 % of the lines are written during the outage; on a busy machine it ends late, and the marks of writes are a few lines apart.
      expect(lines).toBeGreaterThan(0.4 * nominal);
      expect(lines).toBeLessThanOrEqual(nominal);
      expect(recoverySeconds).toBeGreaterThanOrEqual(0);
    }
  });

  it("keeps what it has if it is interrupted", async () => {
    const controller = new AbortController();
    const { carryOut } = context();
    let folder = "";
    let runs = 0;
    const interrupted = carryOutSweep(
      planWith(outages),
      context({
        signal: controller.signal,
        onInterrupted: (kept) => {
          folder = kept;
        },
        carryOut: async (request, position) => {
          if (++runs === 2) controller.abort(new Error("stopped by a test"));
          controller.signal.throwIfAborted();
          return carryOut(request, position);
        },
      }),
    );
    await expect(interrupted).rejects.toThrow("stopped by a test");
    const document = sweepDocumentSchema.parse(
      JSON.parse(await readFile(join(folder, "sweep.json"), "utf8")),
    );
    expect(document).toMatchObject({ ended: "interrupted", verdict: "unknown", steps: [{ nominal: 40 }] });
    expect(await readFile(join(folder, "sweep.md"), "utf8")).toContain("The sweep was interrupted");
  });

  it("repeats a run that failed, and ends when several in a row have", async () => {
    const document = await carryOutSweep(
      planWith(outages),
      context({ carryOut: () => Promise.reject(new Error("no luck")) }),
    );
    expect(document).toMatchObject({ ended: "failure", verdict: "unknown", why: "not-measured" });
    expect(document.steps).toMatchObject([{ nominal: 40, runs: [{ failure: "no luck" }, {}, {}] }]);
  });

  it("fails if the machine lacks something before any run", async () => {
    const carryOut = () => Promise.reject(new UnavailableError("no engine"));
    await expect(carryOutSweep(planWith(outages), context({ carryOut }))).rejects.toThrow("no engine");
  });

  it("begins no run that would not fit its budget", async () => {
    const document = await carryOutSweep(planWith(outages, 0), context());
    expect(document).toMatchObject({ ended: "time", verdict: "unknown", steps: [] });
  });
});
