import type { Command } from "commander";
import type Docker from "dockerode";
import { removeAbandonedTempDirs } from "../base/temp-dir.ts";
import { removeLogFiles } from "../load/log-files.ts";
import { removeAbandoned } from "../places/compose/abandoned.ts";
import { listProjects, projectName, runIdOf } from "../places/compose/project.ts";
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
  const { connectEngine } = await import("../places/compose/engine.ts");
  const docker = await connectEngine();
  const inEngine = (await listProjects(docker)).map((project) => runIdOf(project)!);
  const runIds = [...new Set([...inEngine, ...registeredRuns()])].sort();
  const cleaned = runIds.map(async (runId) => {
    const outcome = isActive(runId) ? "still running, left alone" : await cleanRun(docker, runId);
    process.stdout.write(`${runId}: ${outcome}\n`);
  });
  await Promise.all(cleaned);
  await removeAbandonedTempDirs();
  if (runIds.length === 0) process.stdout.write("nothing to remove\n");
}

async function cleanRun(docker: Docker, runId: string): Promise<string> {
  const { containers, networks, volumes } = await removeAbandoned(docker, projectName(runId));
  const logFiles = logFilesOf(runId);
  if (logFiles !== undefined) await removeLogFiles(logFiles);
  forgetRun(runId);
  return `removed ${containers} containers, ${networks} networks, ${volumes} volumes`;
}
