import { spawn } from "node:child_process";

/** The folder of this repository. */
export const root = new URL("../..", import.meta.url).pathname;

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** The command receives SIGINT as soon as this appears on its stderr. */
  interruptAt?: string;
}

/** What a command printed and its exit code, which is null where a signal ended it. */
export interface CommandOutcome {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command, in the folder of this repository unless told otherwise, and waits for its end. */
export function run(
  command: string,
  args: string[] = [],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const { cwd = root, env = process.env, interruptAt } = options;
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const before = stderr;
    stderr += text;
    if (interruptAt && !before.includes(interruptAt) && stderr.includes(interruptAt)) child.kill("SIGINT");
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
