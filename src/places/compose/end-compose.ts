import { endProcesses, listProcesses } from "../../base/processes.ts";

/** Ends the commands of Compose that still work on a project. */
export async function endCompose(project: string): Promise<void> {
  const commands = (await listProcesses()).filter(
    ({ argv }) => argv.includes("compose") && argv.includes(project),
  );
  await endProcesses(commands, "process");
}
