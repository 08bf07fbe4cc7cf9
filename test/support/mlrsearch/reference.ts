import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchGoal } from "../../../src/throughput/search/search-goal.ts";
import type { TrialResult } from "../../../src/throughput/search/trial-result.ts";
import { run } from "../command.ts";
import type { SimulatedSystem } from "../simulated-system.ts";

interface Asked {
  goals: SearchGoal[];
  minLoad: number;
  maxLoad: number;
}

/** A simulated system to search. */
export type AskedSearch = Asked & { system: SimulatedSystem };

/** Trials to classify: at which share of the steps between the least and the highest load, how many seconds, and the share that is lost. */
export type AskedHistory = Asked & { trials: [step: number, seconds: number, lossRatio: number][] };

/** What the reference says of a goal; null for what there is not. */
export interface ReferenceResult {
  lower: number | null;
  upper: number | null;
  /** `rounded away` where the reference has none because of a rounding error. */
  throughput: number | null | "rounded away";
}

/** What the reference answers: every trial as it saw it, and its result for each goal. */
export interface Referred {
  trials: TrialResult[];
  goals: ReferenceResult[];
}

const folder = import.meta.dirname;

/**
 * Installs the reference implementation of MLRsearch into a folder.
 *
 * @returns why it is not there; undefined if it is
 */
export async function installReference(into: string): Promise<string | undefined> {
  const steps: [string, string[]][] = [
    ["python3", ["-m", "venv", into]],
    [
      join(into, "bin/pip"),
      ["install", "--quiet", "--no-deps", "--require-hashes", "-r", join(folder, "requirements.txt")],
    ],
  ];
  for (const [command, args] of steps) {
    const { exitCode, stdout, stderr } = await run(command, args).catch(({ message }: Error) => ({
      exitCode: 1,
      stdout: "",
      stderr: message,
    }));
    if (exitCode !== 0)
      return `${command} ${args.join(" ")} failed: ${(stderr || stdout).trim().slice(-300)}`;
  }
  return undefined;
}

/** Asks the reference in the folder of `installReference`. */
export async function askReference(
  installed: string,
  wanted: { searches: AskedSearch[]; histories: AskedHistory[] },
): Promise<{ searches: Referred[]; histories: Referred[] }> {
  const file = join(installed, "wanted.json");
  await writeFile(file, JSON.stringify(wanted));
  const { exitCode, stdout, stderr } = await run(join(installed, "bin/python"), [
    join(folder, "reference.py"),
    file,
  ]);
  if (exitCode !== 0) throw new Error(`the reference failed: ${stderr}`);
  const { searches, histories } = JSON.parse(stdout) as Record<"searches" | "histories", Answered[]>;
  return { searches: searches.map(referred), histories: histories.map(referred) };
}

interface Answered {
  trials: [load: number, seconds: number, intended: number, forwarded: number][];
  goals: ReferenceResult[];
}

function referred({ trials, goals }: Answered): Referred {
  return {
    trials: trials.map(([load, seconds, intendedLines, forwardedLines]) => ({
      ...{ load, intendedLines, forwardedLines },
      ...{ durationSeconds: seconds, effectiveDurationSeconds: seconds, tookSeconds: seconds },
    })),
    goals,
  };
}
