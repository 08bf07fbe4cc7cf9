import type { Command } from "commander";
import { exitCodes, UnavailableError } from "../base/errors.ts";
import { removeAbandonedTempDirs } from "../base/temp-dir.ts";
import { removeLogFiles } from "../load/log-files.ts";
import { openPlace } from "../places/open-place.ts";
import type { Place, Removed } from "../places/place.ts";
import { forgetRun, isActive, logFilesOf, registeredRuns } from "../store/active-runs.ts";

/** `everyline clean`: removes what killed or kept runs have left, in the engine by label and on disk. */
export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description(
      "remove the containers, networks, volumes and log files that killed or kept runs have left; live runs are spared",
    )
    .addHelpText(
      "after",
      `
Examples:
  everyline clean    what is left of runs that nobody carries out any more`,
    )
    .action(clean);
}

async function clean(): Promise<void> {
  const place = await openPlace();
  const runIds = [...new Set([...(await place.leftovers()), ...registeredRuns()])].sort();
  const cleaned = runIds.map(async (runId) => {
    const outcome = isActive(runId) ? "still running, left alone" : await cleanRun(place, runId);
    process.stdout.write(`${runId}: ${outcome}\n`);
  });
  await Promise.all(cleaned);
  await removeAbandonedTempDirs();
  if (runIds.length === 0) process.stdout.write("nothing to remove\n");
}

async function cleanRun(place: Place, runId: string): Promise<string> {
  let removed: Removed;
  try {
    removed = await place.removeAbandoned(runId);
  } catch (thrown) {
    if (!(thrown instanceof UnavailableError)) throw thrown;
    process.exitCode = exitCodes.unavailable;
    return `not removed completely: ${thrown.message}`;
  }
  const logFiles = logFilesOf(runId);
  if (logFiles !== undefined) await removeLogFiles(logFiles);
  forgetRun(runId);
  return `removed ${Object.entries(removed)
    .map(([things, count]) => `${count} ${things}`)
    .join(", ")}`;
}
