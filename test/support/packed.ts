import { join } from "node:path";
import { run } from "./command.ts";

/** The environment of a user's shell: npm hands settings of the checkout to the programs that it runs, as it runs these tests. */
export const userEnvironment: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_")),
);

/** The npm package of this checkout. */
export interface Packed {
  /** The path of the tarball. */
  tarball: string;
  sizeBytes: number;
  /** The paths of its files in the package. */
  files: string[];
}

/** Packs this checkout as `npm pack` does, and puts the tarball into a folder. */
export async function pack(folder: string): Promise<Packed> {
  const { exitCode, stdout, stderr } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    env: userEnvironment,
  });
  if (exitCode !== 0) throw new Error(`npm pack failed: ${stderr}`);
  const [{ filename, size, files }] = JSON.parse(stdout) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  return { tarball: join(folder, filename), sizeBytes: size, files: files.map(({ path }) => path) };
}

/** Runs a command in a folder of a user's, and expects it to succeed. */
export async function succeed(folder: string, command: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args, { cwd: folder, env: userEnvironment });
  if (exitCode === 0) return stdout;
  throw new Error(`${[command, ...args].join(" ")} ended with ${exitCode}:\n${stdout}\n${stderr}`);
}
