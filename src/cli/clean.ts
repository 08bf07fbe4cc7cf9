import type { Command } from "commander";
import { forgetRun, isActive, logFilesOf, registeredRuns } from "../run/active-runs.ts";
import { removeLogFiles } from "../run/log-files.ts";
import { connectEngine } from "../stack/engine.ts";
import { listProjects, projectName, removeProject, runIdOf } from "../stack/project.ts";

/** `everyline clean`: removes what runs that were killed or kept have left, in the engine by label and on disk. */
export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description(
      "remove the containers, networks, volumes and log files that killed or kept runs have left; live runs are spared",
    )
    .action(clean);
}

async function clean(): Promise<void> {
  const docker = await connectEngine();
  const inEngine = (await listProjects(docker)).map((project) => runIdOf(project)!);
  const runIds = [...new Set([...inEngine, ...registeredRuns()])].sort();
  for (const runId of runIds) {
    if (isActive(runId)) {
      process.stdout.write(`${runId}: still running, left alone\n`);
      continue;
    }
    const { containers, networks, volumes } = await removeProject(docker, projectName(runId));
    const logFiles = logFilesOf(runId);
    if (logFiles !== undefined) await removeLogFiles(logFiles);
    forgetRun(runId);
    process.stdout.write(
      `${runId}: removed ${containers} containers, ${networks} networks, ${volumes} volumes\n`,
    );
  }
  if (runIds.length === 0) process.stdout.write("nothing to remove\n");
}
