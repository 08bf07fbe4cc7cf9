import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { carryOutSoak } from "../src/soak/carry-out-soak.ts";
import type { SoakDocument } from "../src/soak/soak-document.ts";
import { soakPlan } from "../src/soak/soak-plan.ts";
import { run } from "./support/command.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const secondsPerHour = 3_600;
const probeMs = 500;
const longestWaitMs = 480_000;
const linesPerSecond = 200;
const reportsFolder = await useReportsFolder(afterAll);

async function soak(seconds: number, folder: string): Promise<SoakDocument> {
  const pipeline = await loadPipeline("direct");
  const plan = await soakPlan({ pipeline, hours: seconds / secondsPerHour, linesPerSecond });
  const signal = new AbortController().signal;
  return carryOutSoak(plan, { place: await openPlace(), signal, reportsFolder: folder, seed: "soak" });
}

/** A process that keeps a megabyte and two descriptors more each second, and ends by itself after some minutes. */
const leaking = `
  const { openSync } = require("node:fs");
  const held = [];
  setInterval(() => {
    held.push(Buffer.alloc(2 ** 20, 1));
    openSync("/dev/null");
    openSync("/dev/null");
  }, 1_000);
  setTimeout(() => process.exit(), 600_000);
`;

/** The text of the journal of the only run in a folder, as far as it is written; empty as long as there is none. */
async function journalIn(folder: string): Promise<{ runId: string; text: string }> {
  const [runId = ""] = await readdir(folder).catch(() => []);
  return { runId, text: await readFile(join(folder, runId, "journal.ndjson"), "utf8").catch(() => "") };
}

async function untilJournal(folder: string, event: string): Promise<string> {
  const untilMs = Date.now() + longestWaitMs;
  while (Date.now() < untilMs) {
    const { runId, text } = await journalIn(folder);
    if (text.includes(`"event":"${event}"`)) return runId;
    await setTimeout(probeMs);
  }
  throw new Error(`the run in ${folder} did not come to ${event}`);
}

/**
 * Makes a service of the only run in a folder leak while lines are written: a process of this test joins the control groups of its container, as
 * a child of its own would be in them, so that the engine and the kernel count what it holds as the container's.
 */
async function leakInto(service: string, folder: string): Promise<void> {
  const runId = await untilJournal(folder, "proven");
  const filters = [`com.docker.compose.project=everyline-${runId}`, `com.docker.compose.service=${service}`];
  const { stdout } = await run("docker", [
    ...["ps", "--no-trunc", "--quiet"],
    ...filters.flatMap((label) => ["--filter", `label=${label}`]),
  ]);
  const leak: ChildProcess = spawn(process.execPath, ["-e", leaking], { stdio: "ignore" });
  try {
    const group = `/sys/fs/cgroup/memory/docker/${stdout.trim()}/cgroup.procs`;
    await writeFile(group, `${leak.pid}`);
    await untilJournal(folder, "loaded");
  } finally {
    // A container whose groups hold a process cannot be removed.
    leak.kill("SIGKILL");
  }
}

describe("a soak of Option 1", () => {
  it("counts every line of a minute, and says that a minute is too short for a trend", async () => {
    const document = await soak(60, join(reportsFolder, "short"));
    const lines = 60 * linesPerSecond;
    expect(document).toMatchObject({ linesVerdict: "holds", verdict: "unknown" });
    expect(document.counts).toMatchObject({ written: lines, delivered: lines, lost: 0, duplicated: 0 });
    const measured = document.drifts.filter(({ quantity }) => quantity !== "latency");
    expect(measured.map(({ quantity, instance }) => `${quantity} ${instance}`).sort()).toEqual([
      ...["descriptors loki", "descriptors promtail", "disk loki", "disk promtail", "lag null"],
      ...["memory loki", "memory promtail"],
    ]);
    for (const { quantity, samples, level, finding } of measured) {
      expect({ quantity, finding }).toEqual({ quantity, finding: quantity === "lag" ? finding : "too-few" });
      expect(samples).toBeGreaterThan(10);
      expect(level).toBeGreaterThanOrEqual(0);
    }
  });

  it("finds a planted leak of memory and of descriptors, and nowhere else", {
    timeout: 600_000,
  }, async () => {
    const folder = join(reportsFolder, "leaking");
    const [document] = await Promise.all([soak(240, folder), leakInto("promtail", folder)]);
    expect(document).toMatchObject({ linesVerdict: "holds", verdict: "broken" });
    const broken = document.drifts.filter(({ verdict }) => verdict === "broken");
    expect(broken.map(({ quantity, instance }) => `${quantity} ${instance}`)).toEqual([
      "memory promtail",
      "descriptors promtail",
    ]);
    const [memory, descriptors] = broken;
    expect(memory!.slopePerHour! / 2 ** 20 / secondsPerHour).toBeCloseTo(1, 0);
    expect(descriptors!.slopePerHour! / secondsPerHour).toBeCloseTo(2, 0);
  });
});
