import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import type { ImageOptions } from "../images/image-options.ts";
import { resolveImage } from "../images/images.ts";
import type { HelperSpec, StdoutFiles } from "../place.ts";
import type { ResolvedImage, StackImage } from "../stack-image.ts";
import { ComposeInstance } from "./compose-instance.ts";
import { clockOffsetMs } from "./container.ts";
import { type JsonFileLog, jsonFileLogOf, keptBy } from "./json-file-options.ts";
import { projectLabel, projectName } from "./project.ts";

/** The label with the name of a helper. */
const helperLabel = "everyline.source";

/**
 * Starts containers beside a pipeline. They share folders of this machine with it, but no network. Does not wait until they are ready.
 * Everything that was started stays until `removeProject`, also when this throws.
 *
 * @throws UnavailableError if an image is not available or the engine refuses to start a container
 */
export async function startHelpers(
  docker: Docker,
  runId: string,
  helpers: readonly HelperSpec[],
  options: ImageOptions,
): Promise<ComposeInstance[]> {
  const images: ResolvedImage[] = [];
  for (const { image } of helpers)
    images.push(await resolveImage(docker, image.name, image.version, options));
  const user = await userOf(docker);
  // Waits for all of them, also after one has failed: a container created after the removal of the run would never be removed.
  const started = await Promise.allSettled(
    helpers.map((helper, index) => start(docker, runId, helper, images[index]!.reference, user)),
  );
  options.signal.throwIfAborted();
  const offsetMs = await clockOffsetMs(docker);
  return started.map((outcome, index) => {
    if (outcome.status === "rejected")
      throw new UnavailableError(
        `${helpers[index]!.name} (${helpers[index]!.image.name}) could not be started: ${messageOf(outcome.reason)}`,
      );
    const { name, port } = helpers[index]!;
    const { sizeBytes: _, ...image } = images[index]!;
    const known: StackImage[] = [{ service: name, ...image }];
    return new ComposeInstance(
      { name, service: name, containerId: outcome.value },
      { docker, project: projectName(runId), clockOffsetMs: offsetMs, port, images: known },
    );
  });
}

async function start(
  docker: Docker,
  runId: string,
  { name, environment, command, folders, port, memoryBytes, stdout }: HelperSpec,
  image: string,
  user: string,
): Promise<string> {
  const log = stdout && logOf(stdout);
  const container = await docker.createContainer({
    name: `${projectName(runId)}-${name}`,
    Image: image,
    User: user,
    ...(command && { Cmd: command }),
    Env: Object.entries({ ...log?.environment, ...environment }).map(([key, value]) => `${key}=${value}`),
    // `removeProject` and `everyline clean` find the container by this label.
    Labels: { [projectLabel]: projectName(runId), [helperLabel]: name },
    ExposedPorts: { [`${port}/tcp`]: {} },
    HostConfig: {
      // Unlike `Binds`, these are refused if the engine's machine does not have the folder.
      Mounts: Object.entries(folders).map(([Source, Target]) => ({ Type: "bind", Source, Target })),
      Memory: memoryBytes,
      ...(log && { LogConfig: { Type: "json-file", Config: log.options } }),
      PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "" }] },
    },
  });
  await container.start();
  return container.id;
}

/** A shipper of Everyline's own pipelines sees only the id of a container, so its name is stored with each line. */
function logOf(stdout: StdoutFiles): JsonFileLog {
  if (stdout.shownAs !== undefined) return jsonFileLogOf(stdout.shownAs, stdout);
  return { options: { ...keptBy(stdout), labels: helperLabel }, environment: {} };
}

/**
 * The user of a helper, so that this process can read and remove its files: the user of this process. A rootless engine maps its root user
 * to that user.
 */
async function userOf(docker: Docker): Promise<string> {
  const { SecurityOptions: options } = (await docker.info()) as { SecurityOptions?: string[] };
  const isRootless = options?.some((option) => option.startsWith("name=rootless"));
  return isRootless || !process.getuid || !process.getgid ? "0:0" : `${process.getuid()}:${process.getgid()}`;
}
