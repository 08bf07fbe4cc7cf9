import type Docker from "dockerode";
import { UsageError } from "../../base/errors.ts";
import type { OwnDeployment } from "../../pipeline/pipeline.ts";
import { readingOf } from "../../products/shipper-settings.ts";
import type { ComposeModel } from "./compose-model.ts";
import { isWithin } from "./configuration-path.ts";
import { isWholeMachine, socketAt } from "./engine-mounts.ts";
import type { MountPlan } from "./own-mounts.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";

/** An id of a container, such as is in the names of the engine's files. */
const exampleId = "0".repeat(64);

/**
 * Refuses a shipper that mounts the whole machine and may read the lines of containers that are not the run's.
 *
 * @param logsPath where it finds the log files of a run; undefined if it reads the stdout of containers
 * @throws UsageError naming the mount
 */
export async function assertReadsNoOthers(
  model: ComposeModel,
  shipper: string,
  logsPath: string | undefined,
): Promise<void> {
  const whole = model.services[shipper]!.volumes.find(({ source = "" }) => isWholeMachine(source));
  if (whole === undefined) return;
  const settings = await readShipperSettings(model, shipper);
  const globs = "reads" in settings ? settings.reads.flatMap((reads) => reads.globs) : [];
  const others = globs.filter(
    (glob) => isWithin(glob, whole.target) && (logsPath === undefined || !isWithin(glob, logsPath)),
  );
  if (logsPath !== undefined && others.length === 0) return;
  const read = others.length > 0 ? ` and reads ${others.join(", ")} there` : "";
  throw new UsageError(
    `a separate stack cannot be started: ${shipper} mounts ${whole.source} of this machine at ${whole.target}${read}, so a run would store ` +
      `the lines of programs that are not its own. Mount only what ${shipper} needs, such as /var/lib/docker/containers, in the Compose file ` +
      "or in a further one that the configuration lists under `compose`.",
  );
}

/**
 * Refuses a shipper that mounts a folder of the engine under a name that does not show it, because the engine stores its data elsewhere than
 * usual.
 *
 * @param kept the mounts that are used as they are
 * @throws UsageError naming the mount
 */
export async function assertNoEngineFolder(
  docker: Docker,
  shipper: string,
  kept: MountPlan["kept"],
): Promise<void> {
  const { DockerRootDir: root } = (await docker.info()) as { DockerRootDir?: string };
  const found = kept.find(
    ({ service, source }) =>
      service === shipper &&
      !isWholeMachine(source) &&
      root &&
      (isWithin(source, root) || isWithin(root, source)),
  );
  if (found === undefined) return;
  throw new UsageError(
    `a separate stack cannot be started: ${shipper} mounts ${found.source}, and the container engine stores its containers in ${root}, so a ` +
      `run would store the lines of other containers. Mount ${root}/containers in its place.`,
  );
}

/**
 * Refuses a shipper that, by its own configuration, would not read the json-files of the run's containers.
 *
 * @throws UsageError naming the files that it reads
 */
export async function assertReadsStdout(
  model: ComposeModel,
  shipper: string,
  { stdout, logsPath }: Pick<OwnDeployment, "stdout" | "logsPath">,
): Promise<void> {
  const mayAsk = model.services[shipper]!.volumes.some((mount) => socketAt(mount) !== undefined);
  if (stdout?.by !== "files" || mayAsk) return;
  const settings = await readShipperSettings(model, shipper);
  if ("why" in settings || settings.isDynamic || settings.reads.length === 0) return;
  const file = `${logsPath}/${exampleId}/${exampleId}-json.log`;
  if (readingOf(settings, file).length > 0) return;
  const globs = settings.reads.flatMap((reads) => reads.globs).join(", ");
  throw new UsageError(
    `${shipper} would not read the stdout of a run's containers: by its configuration it reads ${globs}, but the engine stores it in files ` +
      `like ${logsPath}/ID/ID-json.log. Configure it to read ${logsPath}/*/*-json.log; if it reads log files, set source.folder instead of ` +
      "source.stdout.",
  );
}
