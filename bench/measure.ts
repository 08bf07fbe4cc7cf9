import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UnavailableError } from "../src/base/errors.ts";

const root = join(import.meta.dirname, "..");
const pollMs = 20;
const maxOutputCharacters = 1_048_576;

/** What one run of a command has taken. */
export interface Measurement {
  seconds: number;
  /** Of the command and its children, in user and kernel mode. */
  cpuSeconds: number;
  /** The largest resident memory of its processes together, in bytes, as looked at every 20 ms; 0 where there is no /proc. */
  peakBytes: number;
  stdout: string;
}

/**
 * Runs a command in bash and measures it. `everyline` is this checkout's.
 *
 * @param folder where it runs
 * @param exitCodes what it may end with
 * @throws UnavailableError if it ends with another exit code, with what it wrote to standard error
 */
export async function measured(
  command: string,
  folder: string,
  exitCodes: readonly number[] = [0],
): Promise<Measurement> {
  // Times come from bash itself, because Node does not tell those of the children of a child.
  const script = `set -o pipefail; TIMEFORMAT='%R %U %S'; exec 4>&2; { time { ${command} ; } 2>&4; } 2>&3`;
  const env = { ...process.env, PATH: `${join(root, "bin")}${delimiter}${process.env.PATH}` };
  const child = spawn("bash", ["-c", script], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const texts = ["", "", ""];
  for (const [index, stream] of child.stdio.slice(1).entries()) {
    stream?.on("data", (chunk: Buffer) => {
      texts[index] = (texts[index] + chunk.toString()).slice(-maxOutputCharacters);
    });
  }
  let peakBytes = 0;
  const watch = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await memoryOf(child.pid!));
  }, pollMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => clearInterval(watch));
  const [stdout, stderr, times] = texts as [string, string, string];
  if (exitCode === null || !exitCodes.includes(exitCode))
    throw new UnavailableError(
      `expected exit code ${exitCodes.join(" or ")} of ${command}, got ${exitCode}:\n${stderr}`,
    );
  const [seconds, user, system] = times.trim().split(/\s+/).map(Number) as [number, number, number];
  return { seconds, cpuSeconds: user + system, peakBytes, stdout };
}

/** The memory that the descendants of a process have had at most, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const children = await textOf(`/proc/${pid}/task/${pid}/children`);
  const pids = children.trim().split(" ").filter(Boolean).map(Number);
  const bytes = await Promise.all(
    pids.map(async (child) => {
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await textOf(`/proc/${child}/status`))?.[1] ?? 0;
      return Number(peak) * 1_024 + (await memoryOf(child));
    }),
  );
  return bytes.reduce((sum, one) => sum + one, 0);
}

/** A file of a process; empty if the process has ended meanwhile. */
async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
