import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { listProcesses } from "../src/base/processes.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { projectName } from "../src/places/compose/project.ts";
import { registeredRuns } from "../src/store/active-runs.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { root, run } from "./support/command.ts";
import { leftoversOf } from "./support/leftovers.ts";
import { needImages } from "./support/need-images.ts";
import { useReportsFolder } from "./support/run-claim.ts";

/**
 * How many moments on each pipeline: few, unless the whole campaign is wanted (`npm run kill-campaign`), and which ones: the seed decides.
 */
const { KILL_MOMENTS = "3,0", KILL_SEED = "everyline" } = process.env;
const [directMoments, kafkaMoments] = KILL_MOMENTS.split(",").map(Number);

const everyline = join(root, "bin/everyline");
const out = await useReportsFolder(afterAll);
const probeMs = 2;
let child: ChildProcess | undefined;

afterEach(() => child?.kill("SIGKILL"));

/** When something happened in a run: so long after its n-th event, or after it was started. */
interface Moment {
  events: number;
  name: string;
  delayMs: number;
}

function start(args: string[]): Promise<unknown> {
  child = spawn(everyline, ["run", ...args, "--out", out], { stdio: "ignore" });
  return once(child, "exit");
}

function eventsOf(runId: string | undefined): { at: string; event: string }[] {
  const path = join(out, `${runId}`, "journal.ndjson");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

async function newRun(before: Set<string>): Promise<string | undefined> {
  return (await readdir(out)).find((name) => !before.has(name));
}

/** A run without a kill, to learn when each event happens. */
async function timetableOf(args: string[]): Promise<{ name: string; atMs: number }[]> {
  const before = new Set(await readdir(out));
  const startedAtMs = Date.now();
  await start(args);
  const endedAtMs = Date.now();
  const events = eventsOf(await newRun(before));
  return [
    { name: "started", atMs: 0 },
    ...events.map(({ event, at }) => ({ name: event, atMs: Date.parse(at) - startedAtMs })),
    { name: "ended", atMs: endedAtMs - startedAtMs },
  ];
}

/** One moment of each of `count` stretches of equal length; a number between 0 and 1 decides which. */
function momentsOf(timetable: { name: string; atMs: number }[], count: number): Moment[] {
  const lengthMs = timetable.at(-1)!.atMs;
  return Array.from({ length: count }, (_, index) => {
    const bytes = createHash("sha256").update(`${KILL_SEED}/${index}`).digest();
    const atMs = ((index + bytes.readUInt32BE() / 2 ** 32) / count) * lengthMs;
    const events = timetable.findLastIndex((event) => event.atMs <= atMs);
    const { name, atMs: eventAtMs } = timetable[events]!;
    return { events, name, delayMs: atMs - eventAtMs };
  });
}

/** Kills a run at a moment; a run that is slower or faster than the one that was timed is killed at the same place all the same. */
async function killAt({ events, delayMs }: Moment, args: string[]): Promise<string | undefined> {
  const before = new Set(await readdir(out));
  const exited = start(args);
  const hasExited = () => child!.exitCode !== null || child!.signalCode !== null;
  while (!hasExited() && eventsOf(await newRun(before)).length < events) await setTimeout(probeMs);
  await Promise.race([setTimeout(delayMs), exited]);
  child!.kill("SIGKILL");
  await exited;
  return newRun(before);
}

async function composeOf(runId: string): Promise<number> {
  return (await listProcesses()).filter(({ argv }) => argv.includes(projectName(runId))).length;
}

async function filesOf(runId: string): Promise<string[]> {
  return readdir(join(out, runId), { recursive: true });
}

it("leaves nothing when it is killed in the midst of docker compose up", { timeout: 120_000 }, async () => {
  const before = new Set(await readdir(out));
  const exited = start(["sink-restart", "--lines", "100"]);
  let runId = await newRun(before);
  for (; runId === undefined; runId = await newRun(before)) await setTimeout(probeMs);
  while ((await leftoversOf(runId)).length === 0) await setTimeout(probeMs);
  child!.kill("SIGKILL");
  await exited;
  const cleaned = await run(everyline, ["clean"]);
  expect(cleaned.stdout).toContain(`${runId}: removed `);
  expect(await composeOf(runId)).toBe(0);
  expect(await leftoversOf(runId)).toEqual([]);
});

if (kafkaMoments! > 0) await needImages(await loadPipeline("kafka-hardened", "single"));

const campaigns: [pipeline: string, moments: number, args: string[]][] = [
  ["direct", directMoments!, ["sink-restart", "--lines", "300"]],
  [
    "kafka-hardened",
    kafkaMoments!,
    ["consumer-stop", "--pipeline", "kafka-hardened", "--layout", "single", "--lines", "400"],
  ],
];

describe.each(campaigns.filter(([, moments]) => moments > 0))(
  "a run on %s that is killed with SIGKILL",
  (_, count, args) => {
    it(`leaves nothing that clean does not remove, and no verdict, at ${count} moments`, {
      timeout: (count + 2) * 120_000,
    }, async () => {
      const moments = momentsOf(await timetableOf(args), count);
      for (const moment of moments) {
        const runId = await killAt(moment, args);
        const place = `${(moment.delayMs / 1_000).toFixed(2)} s after ${moment.name}`;
        if (runId === undefined) {
          process.stderr.write(`killed ${place}: there was no run yet\n`);
          continue;
        }
        const [left, compose] = [await leftoversOf(runId), await composeOf(runId)];
        const cleaned = await run(everyline, ["clean"]);
        expect(cleaned.exitCode, cleaned.stderr).toBe(0);
        expect(await leftoversOf(runId), place).toEqual([]);
        expect(await composeOf(runId), place).toBe(0);
        expect(registeredRuns(), place).not.toContain(runId);
        expect((await readdir(tmpdir())).join(), place).not.toContain(`-${child!.pid}-`);
        const files = await filesOf(runId);
        expect(files.filter((name) => name.startsWith("logs") || name.endsWith(".partial"))).toEqual([]);

        const hasVerdict = files.includes("run.json");
        process.stderr.write(
          `killed ${place}: ${left.length} things and ${compose} Compose processes were left; ` +
            `${hasVerdict ? "it had come to its verdict" : "no verdict"}\n`,
        );
        if (hasVerdict) {
          // Written last, when all was removed and the journal complete.
          expect(left, place).toEqual([]);
          const { stored, document } = await judgeStoredRun(join(out, runId));
          expect(document, place).toEqual(stored);
        } else {
          expect(files, place).not.toContain("report.md");
          expect(files, place).not.toContain("junit.xml");
          await expect(judgeStoredRun(join(out, runId)), place).rejects.toThrow(
            /expected the folder of a finished run/,
          );
        }
      }
    });
  },
);
