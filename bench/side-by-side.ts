import { spawnSync } from "node:child_process";
import { median } from "../src/base/median.ts";
import type { BenchmarkOptions, Peer, Side } from "./benchmark.ts";
import { type Measurement, measured } from "./measure.ts";

/** A command that is measured. */
export interface Contender {
  /** What is run, by bash, in the folder of the benchmark. */
  command: string;
  /** What it may end with; 0 if absent. */
  exitCodes?: readonly number[];
  /** The programs that have to be on PATH. */
  needs?: readonly string[];
  /** Throws if the command has not done what it is measured for. */
  prove?: (stdout: string) => void;
}

/**
 * Measures commands beside each other: each once before any is repeated, so that what else goes on on the machine meets all of them.
 *
 * @returns in the order of the contenders; one whose programs are not there has no time
 */
export async function sideBySide(
  contenders: readonly Contender[],
  { folder, repeats, tell }: BenchmarkOptions,
): Promise<Peer[]> {
  const missing = contenders.map(({ needs = [] }) => needs.filter((program) => !isOnPath(program)));
  const runs = contenders.map((): Measurement[] => []);
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const [index, { command, exitCodes, prove }] of contenders.entries()) {
      if (missing[index]!.length > 0) continue;
      const run = await measured(command, folder, exitCodes);
      prove?.(run.stdout);
      runs[index]!.push(run);
      tell(`${repeat}/${repeats}  ${run.seconds.toFixed(2)} s  ${command}`);
    }
  }
  return contenders.map(({ command }, index) => {
    if (missing[index]!.length > 0)
      return { command, missing: `${missing[index]!.join(" and ")} is not on this machine` };
    return sideOf(command, runs[index]!);
  });
}

function sideOf(command: string, runs: readonly Measurement[]): Side {
  const of = (figure: (run: Measurement) => number) => median(runs.map(figure))!;
  const peakBytes = Math.max(...runs.map((run) => run.peakBytes));
  return {
    command,
    seconds: of(({ seconds }) => seconds),
    cpuSeconds: of(({ cpuSeconds }) => cpuSeconds),
    ...(peakBytes > 0 && { peakBytes }),
  };
}

/** How many times as fast the subject is as its peer; undefined if the peer is missing. */
export function timesAsFast(subject: Side, peer: Peer): number | undefined {
  return "missing" in peer ? undefined : peer.seconds / subject.seconds;
}

function isOnPath(program: string): boolean {
  return spawnSync("bash", ["-c", 'command -v "$1"', "bash", program]).status === 0;
}
