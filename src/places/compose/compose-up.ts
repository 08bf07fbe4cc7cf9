import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { messageOf, UnavailableError } from "../../base/errors.ts";

/** Images may have to be fetched or built. */
const createTimeoutMs = 1_800_000;
const maxOutputBytes = 64 * 2 ** 20;

/** What of which Compose files is started. */
export interface ComposeUpOptions {
  /** The folder that relative paths in the files start from. */
  folder: string;
  /** Paths, each of which may change what those before it say. */
  files: string[];
  project: string;
  /** Variables of the Compose files. */
  environment: Record<string, string>;
  /** Fetches images that are not there; else that is an error. */
  mayPull: boolean;
  /** Which services, beside those that they depend on; all if undefined. */
  services?: string[];
  /** Replaces the containers of `services`, and touches no other. */
  replaces?: boolean;
}

/**
 * `docker compose up`; does not wait until the containers are ready.
 *
 * @throws UnavailableError with what Compose said
 */
export async function composeUp(options: ComposeUpOptions): Promise<void> {
  const { folder, files, project, environment, mayPull, services, replaces = false } = options;
  try {
    await new DockerComposeEnvironment(folder, files)
      .withProjectName(project)
      // The library tells Compose by an environment variable; among its arguments `removeAbandoned` can see whose process it is.
      .withClientOptions({
        composeOptions: ["--project-name", project],
        commandOptions: replaces ? ["--no-deps", "--force-recreate"] : [],
      })
      // Cleaning up is by label (`removeProject`): the reaper would remove what --keep is to keep, and needs an image.
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
 * `docker compose create`: makes containers, networks and volumes without starting anything, so that volumes can be filled before.
 *
 * @throws UnavailableError with what Compose said
 */
export async function composeCreate(options: ComposeUpOptions): Promise<void> {
  const { folder, files, project, environment, services = [] } = options;
  const named = files.flatMap((file) => ["-f", file]);
  const args = ["compose", "--project-name", project, ...named, "create", ...services];
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

function unavailable({ files, folder }: ComposeUpOptions, why: string): UnavailableError {
  return new UnavailableError(
    `docker compose could not start ${files[0]} in ${folder}:\n${why}\n${wayOut(why)}`,
  );
}

function wayOut(why: string): string {
  if (why.includes("Pool overlaps"))
    return (
      "A network of the Compose file has a fixed subnet, and services with fixed addresses in it, that another network of this machine " +
      "has already. Stop the stack that has it, or attach to it with --project NAME."
    );
  return "Run `everyline doctor` to see what this machine lacks.";
}
