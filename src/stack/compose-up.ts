import { DockerComposeEnvironment, Wait } from "testcontainers";
import { messageOf, UnavailableError } from "../errors.ts";

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
    throw new UnavailableError(
      `docker compose could not start ${files[0]} in ${folder}:\n${messageOf(thrown)}\n` +
        "Run `everyline doctor` to see what this machine lacks.",
    );
  }
}
