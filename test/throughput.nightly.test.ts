import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LineCodec } from "../src/load/line.ts";
import { loadPipeline, type Pipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { carryOutThroughput, type ThroughputContext } from "../src/throughput/carry-out-throughput.ts";
import { parseGoal } from "../src/throughput/search/search-goal.ts";
import type { ThroughputDocument } from "../src/throughput/throughput-document.ts";
import type { ThroughputPlan } from "../src/throughput/throughput-plan.ts";

const bytesPerSecond = 1_048_576;
const burstBytes = 3_145_728;
/** The largest batch that Promtail sends, which Loki takes as a whole or not at all. */
const batchBytes = 1_048_576;
const trialSeconds = 5;
const width = 0.2;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-throttled-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Option 1 with a Loki that takes a known number of bytes in a second, and a Promtail that tries each batch so often; what it gives up is lost. */
async function throttled(tries: number): Promise<Pipeline> {
  const pipeline = await loadPipeline("direct");
  const copy = join(folder, `pipeline-${tries}`);
  await cp(pipeline.folder, copy, { recursive: true });
  const loki = join(copy, "loki-config.yaml");
  const limits = `limits_config: { ingestion_rate_mb: ${bytesPerSecond / 2 ** 20}, ingestion_burst_size_mb: ${burstBytes / 2 ** 20} }`;
  await writeFile(loki, `${await readFile(loki, "utf8")}\n${limits}\n`);
  const promtail = join(copy, pipeline.shipper.config!);
  const text = await readFile(promtail, "utf8");
  await writeFile(promtail, text.replace("max_retries: 10", `max_retries: ${tries}`));
  return { ...pipeline, folder: copy };
}

async function contextOfTest(): Promise<ThroughputContext> {
  return {
    place: await openPlace(),
    signal: new AbortController().signal,
    reportsFolder: folder,
    onEvent: () => {},
    onStatus: () => {},
    onTrial: () => {},
  };
}

/** How many bytes a line of a trial has. */
function lineBytes(): number {
  const codec = new LineCodec("0123abcd", { epochMs: Date.now(), linesPerSecond: 1_000 });
  const lines = Array.from({ length: 10_000 }, (_, index) => codec.encode("trial-1-app-1", 10_000 + index));
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / lines.length;
}

/** Searches with trials of 5 s. */
async function searched(
  of: Pick<ThroughputPlan, "pipeline" | "part" | "claim" | "limits" | "sources">,
): Promise<ThroughputDocument> {
  const plan = {
    ...of,
    goals: [parseGoal(`trial=${trialSeconds}s,width=${width}`)],
    // What is looked for is the loss; the lag is that of a busy machine.
    lagBoundSeconds: 5,
    drainSeconds: 60,
    warmUpSeconds: 1,
    ...{ latency: false, model: false },
  };
  return carryOutThroughput(plan, await contextOfTest());
}

describe("a search on a pipeline that takes a known rate", () => {
  // On a busy machine a trial that loses lines takes more than a minute.
  it("finds it, and says what is in the way of more", { timeout: 600_000 }, async () => {
    const document = await searched({
      pipeline: await throttled(1),
      part: "pipeline",
      claim: undefined,
      limits: { minLoad: 3_000, maxLoad: 15_000, startLoad: 5_000, maxTrials: 12, maxSeconds: 240 },
      sources: 4,
    });
    const [goal] = document.goals;
    expect(document).toMatchObject({ ended: "goals-reached", why: "no-claim" });
    expect(goal!.irregular).toEqual([]);
    const { relevantLowerBound: lower, relevantUpperBound: upper } = goal!;
    // A trial begins with a full burst, and goes on for the lag; of the burst, less than a batch may be left in the end.
    const lagSeconds = document.trials.find(({ load }) => load === lower)!.lagSeconds!;
    const capacityBy = (seconds: number, burst: number) =>
      (bytesPerSecond * seconds + burst) / trialSeconds / lineBytes();
    expect(lower).toBeLessThanOrEqual(capacityBy(trialSeconds + lagSeconds, burstBytes));
    expect(upper).toBeGreaterThanOrEqual(capacityBy(trialSeconds, burstBytes - batchBytes));
    expect(upper! - lower!).toBeLessThanOrEqual(width * upper!);
    expect(goal!.limits).toContainEqual({ by: "refusals", refused: { rate_limited: expect.any(Number) } });
    for (const { lost, refused } of document.trials)
      expect(lost).toBeLessThanOrEqual(Object.values(refused).reduce((sum, lines) => sum + lines, 0));
  });
});

describe("an overload of a pipeline that takes a known rate", () => {
  const overloaded = async (tries: number) => {
    const { overload } = await carryOutThroughput(
      {
        pipeline: await throttled(tries),
        part: "pipeline",
        claim: undefined,
        goals: [parseGoal(`trial=${trialSeconds}s`)],
        limits: { minLoad: 1_000, maxLoad: 15_000, startLoad: 3_000, maxTrials: 1, maxSeconds: 60 },
        sources: 4,
        lagBoundSeconds: 5,
        drainSeconds: 120,
        warmUpSeconds: 1,
        ...{ latency: false, model: false },
        // Twice of it is more than Loki takes, and half of it is less.
        overload: { highest: Math.floor(bytesPerSecond / lineBytes()), seconds: 15 },
      },
      await contextOfTest(),
    );
    return overload!;
  };
  const refusedBy = ({ refused }: Awaited<ReturnType<typeof overloaded>>) =>
    refused.map(({ by, reason }) => `${by}: ${reason}`);

  it("loses what the shipper gives up, and says what was refused", { timeout: 600_000 }, async () => {
    const overload = await overloaded(1);
    expect(overload).toMatchObject({ verdict: "broken", why: "lost", caughtUpSeconds: null, ended: [] });
    expect(overload.over.lost).toBeGreaterThan(0);
    expect(refusedBy(overload)).toEqual(
      expect.arrayContaining([
        "sink, lines: rate_limited",
        "shipper, pushes answered: 429",
        "shipper, lines given up: rate_limited",
      ]),
    );
    const givenUp = overload.refused.find(({ by }) => by === "shipper, lines given up")!.count;
    expect(overload.over.lost + overload.after.lost).toBe(givenUp);
  });

  it("loses nothing while the shipper tries again, and tells how long catching up took", {
    timeout: 600_000,
  }, async () => {
    const overload = await overloaded(10);
    expect(overload.over).toMatchObject({ lost: 0, delivered: overload.over.lines });
    expect(overload.after).toMatchObject({ lost: 0, delivered: overload.after.lines });
    expect(overload.caughtUpSeconds).toBeGreaterThan(1);
    expect(refusedBy(overload)).toContain("shipper, pushes answered: 429");
    expect(Object.keys(overload.memoryPeaks).sort()).toEqual(["loki", "promtail"]);
    expect(overload.verdict).not.toBe(
      overload.caughtUpSeconds! <= overload.boundSeconds ? "broken" : "holds",
    );
  });
});

describe("a search on the gateway and Kafka alone", () => {
  it("takes a low rate, every line of which is in the topic, while nothing reads it", {
    timeout: 600_000,
  }, async () => {
    const document = await searched({
      pipeline: await loadPipeline("kafka", "single"),
      part: "gateway",
      claim: { pipeline: "kafka", linesPerSecond: 300, text: "So many.", source: "a test" },
      limits: { minLoad: 200, maxLoad: 1_000, startLoad: 500, maxTrials: 4, maxSeconds: 240 },
      sources: 3,
    });
    expect(document).toMatchObject({ part: "gateway", failure: null, verdict: "holds", why: "taken" });
    expect(document.trials.length).toBeGreaterThan(0);
    for (const { intendedLines, lost, delivered, damaged, processors } of document.trials) {
      expect({ lost, delivered, damaged }).toEqual({ lost: 0, delivered: intendedLines, damaged: 0 });
      expect(Object.keys(processors.instances).sort()).toEqual([
        "kafka-1",
        "kafka-2",
        "kafka-3",
        "push-gateway",
      ]);
    }
  });
});
