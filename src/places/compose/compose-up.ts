import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { whileEngineAnswers } from "./while-engine-answers.ts";

/** Long enough for images to be pulled or built. */
const createTimeoutMs = 1_800_000;
const maxOutputBytes = 64 * 2 ** 20;

/** Which services of which Compose files are started. */
export interface ComposeUpOptions {
  /** The folder that relative paths in the files start from. */
  folder: string;
  /** Paths, each of which may override the files before it. */
  files: string[];
  project: string;
  /** Files with variables of the Compose files, in place of `.env`. */
  envFiles?: readonly string[];
  /** Variables of the Compose files. */
  environment: Record<string, string>;
  /** Pulls missing images; otherwise a missing image is an error. */
  mayPull: boolean;
  /** Which services, in addition to those that they depend on; all if undefined. */
  services?: string[];
  /** Replaces the containers of `services`, and touches no other. */
  replaces?: boolean;
}

/**
 * `docker compose up`; does not wait until the containers are ready.
 *
 * @throws UnavailableError with Compose's message, or if the engine stops answering
 */
export async function composeUp(docker: Docker, options: ComposeUpOptions): Promise<void> {
  await whileEngineAnswers(docker, options.project, () => up(options));
}

async function up(options: ComposeUpOptions): Promise<void> {
  const { folder, files, project, environment, mayPull, services, replaces = false } = options;
  const { envFiles = [] } = options;
  try {
    await new DockerComposeEnvironment(folder, files)
      .withProjectName(project)
      // The library passes the project name in an environment variable; as an argument, it lets `removeAbandoned` identify the process.
      .withClientOptions({
        composeOptions: ["--project-name", project, ...envFileOptions(envFiles)],
        commandOptions: replaces ? ["--no-deps", "--force-recreate"] : [],
      })
      // Clean-up is by label (`removeProject`): the reaper would remove what --keep should keep, and needs an image.
      .withAutoCleanup(false)
      .withPullPolicy({ shouldPull: () => (mayPull ? false : "never") })
      .withEnvironment(environment)
      // A wait that fails would take the stack down and its logs with it; the run probes readiness itself.
      .withDefaultWaitStrategy(Wait.forAll([]))
      .up(services);
  } catch (thrown) {
    throw unavailable(options, messageOf(thrown));
  }
}

/**
 * `docker compose create`: creates containers, networks and volumes without starting anything, so that volumes can be filled first.
 *
 * @throws UnavailableError with Compose's message, or if the engine stops answering
 */
export async function composeCreate(docker: Docker, options: ComposeUpOptions): Promise<void> {
  await whileEngineAnswers(docker, options.project, () => compose(["create"], options));
}

/**
 * `docker compose up`, but if it fails, what has started stays, so that its logs can be read.
 *
 * @throws UnavailableError with Compose's message, or if the engine stops answering
 */
export async function composeStart(docker: Docker, options: ComposeUpOptions): Promise<void> {
  await whileEngineAnswers(docker, options.project, () => compose(["up", "--detach"], options));
}

/**
 * `docker compose build` of `services`.
 *
 * @throws UnavailableError with Compose's message, or if the engine stops answering
 */
export async function composeBuild(docker: Docker, options: ComposeUpOptions): Promise<void> {
  await whileEngineAnswers(docker, options.project, () => compose(["build"], options));
}

async function compose(command: string[], options: ComposeUpOptions): Promise<void> {
  const { folder, files, project, environment, services = [], envFiles = [] } = options;
  const named = files.flatMap((file) => ["-f", file]);
  const args = [
    ...["compose", "--project-name", project, ...envFileOptions(envFiles)],
    ...[...named, ...command, ...services],
  ];
  try {
    await promisify(execFile)("docker", args, {
      cwd: folder,
      env: { ...process.env, COMPOSE_PROJECT_NAME: project, ...environment },
      timeout: createTimeoutMs,
      maxBuffer: maxOutputBytes,
    });
  } catch (thrown) {
    const { stderr } = thrown as { stderr?: string };
    throw unavailable(options, stderr?.trim() || messageOf(thrown));
  }
}

function envFileOptions(files: readonly string[]): string[] {
  return files.flatMap((file) => ["--env-file", file]);
}

function unavailable({ files, folder }: ComposeUpOptions, why: string): UnavailableError {
  return new UnavailableError(
    `docker compose could not start ${files[0]} in ${folder}:\n${why}\n${remedyFor(why)}`,
  );
}

function remedyFor(why: string): string {
  if (why.includes("Pool overlaps"))
    return (
      "A network of the Compose file has a fixed subnet, and services with fixed addresses in it, that another network of this machine " +
      "has already. Stop the stack that has it, or attach to it with --project NAME."
    );
  return "Run `everyline doctor` to see what this machine lacks.";
}
