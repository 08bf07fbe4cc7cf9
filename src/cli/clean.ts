import type { Command } from "commander";
import { forgetRun, isActive } from "../run/active-runs.ts";
import { connectEngine } from "../stack/engine.ts";
import { listProjects, removeProject, runIdOf } from "../stack/project.ts";

/** `everyline clean`: removes by label what runs that were killed or kept have left. */
export function addCleanCommand(program: Command): void {
  program
    .command("clean")
    .description(
      "remove the containers, networks and volumes that killed or kept runs have left; live runs are spared",
    )
    .action(clean);
}

async function clean(): Promise<void> {
  const docker = await connectEngine();
  const projects = await listProjects(docker);
  for (const project of projects) {
    const runId = runIdOf(project)!;
    if (isActive(runId)) {
      process.stdout.write(`${runId}: still running, left alone\n`);
      continue;
    }
    const { containers, networks, volumes } = await removeProject(docker, project);
    forgetRun(runId);
    process.stdout.write(
      `${runId}: removed ${containers} containers, ${networks} networks, ${volumes} volumes\n`,
    );
  }
  if (projects.length === 0) process.stdout.write("nothing to remove\n");
}
