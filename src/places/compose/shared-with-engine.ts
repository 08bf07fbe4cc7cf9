import { hostname } from "node:os";
import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { exists } from "../../base/exists.ts";
import { inspectImage } from "../images/inspect-image.ts";
import { projectLabel } from "./project.ts";

const inContainer = "docs/in-ci.md tells how to run Everyline in a container";

/**
 * Refuses a run whose files the engine does not have: it would mount empty folders in their place. A container that mounts them is created
 * for that, which the engine refuses if a path does not exist on its own machine, and is removed without being started.
 *
 * @param images images of the run; nothing is checked if all of them are yet to be built
 * @param paths absolute paths of files and folders that the run's containers get
 * @throws UnavailableError naming a path that the engine does not have
 */
export async function assertEngineHas(
  docker: Docker,
  project: string,
  images: readonly (string | undefined)[],
  paths: readonly string[],
): Promise<void> {
  const image = await presentOf(docker, images);
  const missing = image && (await missingOf(docker, project, image, paths));
  if (missing === undefined) return;
  throw new UnavailableError(
    `the container engine does not have ${missing}, which the containers of this run need. It runs on another machine, or Everyline runs in ` +
      "a container that has this path from elsewhere. There, mount the folder at the same path as outside: " +
      `docker run --volume "$PWD:$PWD" --workdir "$PWD" … (${inContainer})`,
  );
}

/** The first of some images that the engine has. */
async function presentOf(
  docker: Docker,
  images: readonly (string | undefined)[],
): Promise<string | undefined> {
  for (const image of images) if (image !== undefined && (await inspectImage(docker, image))) return image;
  return undefined;
}

async function missingOf(
  docker: Docker,
  project: string,
  image: string,
  paths: readonly string[],
): Promise<string | undefined> {
  try {
    const container = await docker.createContainer({
      Image: image,
      Cmd: ["unused"],
      Labels: { [projectLabel]: project },
      HostConfig: {
        Mounts: paths.map((path, index) => ({
          Type: "bind",
          Source: path,
          Target: `/everyline-probe-${index}`,
          ReadOnly: true,
        })),
      },
    });
    await container.remove({ force: true });
    return undefined;
  } catch (thrown) {
    // Whatever else is wrong shows when the stack is started.
    return /bind source path does not exist: (.+)$/m.exec(messageOf(thrown))?.[1]?.trim();
  }
}

/**
 * Refuses a run in a container with a network of its own: the ports of a stack are published on 127.0.0.1 of the engine's machine, where
 * such a container cannot reach them.
 *
 * @throws UnavailableError
 */
export async function assertReachesPorts(docker: Docker): Promise<void> {
  if (!(await exists("/.dockerenv"))) return;
  // A container has its own id for its host name, unless it shares the network of the machine, and its name with it.
  const own = await docker
    .getContainer(hostname())
    .inspect()
    .catch(() => undefined);
  const network = own?.HostConfig.NetworkMode;
  if (network === undefined || network === "host" || network.startsWith("container:")) return;
  throw new UnavailableError(
    `Everyline runs in a container with the network ${network}, from which the ports of a stack, on 127.0.0.1 of the machine, cannot be ` +
      `reached. Start the container with --network host. ${inContainer}.`,
  );
}
