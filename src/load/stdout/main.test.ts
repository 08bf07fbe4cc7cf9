import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LineCodec } from "../line.ts";
import { ProgressFile } from "./progress-file.ts";

const clock = { epochMs: 1_790_000_000_000, linesPerSecond: 1_000 };
let folder: string;
let generator: ReturnType<typeof spawn> | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everyline-stdout-"));
});
afterEach(() => {
  generator?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** A port that was free a moment ago: other suites may run on this machine at the same time. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the program with its stdout in a file, at a free port. */
async function start(lines: string) {
  const port = await freePort();
  const stdout = openSync(join(folder, "stdout"), "w");
  const env = { PORT: `${port}`, SOURCE: "app-1", SEED: "run-7", CLOCK: JSON.stringify(clock) };
  generator = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: { ...env, LINES: lines, LEDGER_DIR: folder },
    stdio: ["ignore", stdout, "pipe"],
  });
  const ask = (method: string, path: string) => fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { program: generator, ask };
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

it("writes the sentinel, then lines until it is told to end, and nothing else to stdout", async () => {
  const { ask } = await start("1000000");
  await until(async () => (await ask("GET", "/ready").catch(() => undefined))?.ok ?? false);
  expect((await ask("POST", "/rotate")).status).toBe(404);
  expect((await ask("POST", "/start")).status).toBe(202);
  const progress = ProgressFile.open(folder, "app-1");
  await until(() => progress.read().written > 50);
  expect((await ask("POST", "/end-at/2000")).status).toBe(202);
  await until(() => progress.read().hasEnded);
  expect((await ask("POST", "/stop")).status).toBe(202);
  expect(progress.readLedger()).toMatchObject({ source: "app-1", written: 2_000 });
  const codec = new LineCodec("run-7", clock);
  const written = readFileSync(join(folder, "stdout"), "utf8").split("\n").slice(0, -1);
  expect(written).toEqual(Array.from({ length: 2_001 }, (_, sequence) => codec.encode("app-1", sequence)));
});

it("ends with 64 and says on stderr what is wrong with its environment", async () => {
  const { program } = await start("none");
  let said = "";
  program.stderr!.on("data", (text) => {
    said += text;
  });
  const exitCode = await new Promise((resolve) => program.on("close", resolve));
  expect(exitCode).toBe(64);
  expect(said).toContain('stdout-generator: LINES="none": expected a whole number');
});
