import { randomInt } from "node:crypto";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { messageOf } from "../../base/errors.ts";
import { type Monitoring, monitoringPartsOf } from "../../pipeline/monitoring.ts";
import { allPartsOf, type FixtureDeployment, type Pipeline } from "../../pipeline/pipeline.ts";
import { resolvePartImage } from "../images/images.ts";
import type { StartOptions } from "../place.ts";
import type { StackImage } from "../stack-image.ts";
import { type ComposeUpOptions, composeUp } from "./compose-up.ts";
import { removeProject } from "./project.ts";
import type { Recreate } from "./recreate.ts";
import { assertEngineHas } from "./shared-with-engine.ts";

const maxDraws = 5;

/** What only the code that started a fixture knows about it. */
interface StartedFixture {
  images: StackImage[];
  recreate: Recreate;
  /** Undefined if nothing watches it. */
  monitoring: Monitoring | undefined;
  /** The path of its Prometheus' configuration file. */
  prometheusConfig: string | undefined;
}

/** Copies a pipeline's files to the folder from which they are started. */
export async function copyPipeline(pipeline: Pipeline, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(pipeline.folder)) {
    await copyFile(join(pipeline.folder, name), join(folder, name));
  }
}

/**
 * Starts the containers of a pipeline of `fixtures/pipelines`. Variables of its Compose file set the images, the ports and the log folder.
 *
 * @returns the image of each service, and a function that replaces an image
 * @throws UnavailableError if an image is not available or Compose fails
 */
export async function startFixture(
  docker: Docker,
  pipeline: Pipeline,
  deployment: FixtureDeployment,
  project: string,
  options: StartOptions,
): Promise<StartedFixture> {
  const images: StackImage[] = [];
  const environment: Record<string, string> = {
    ...options.variables,
    [deployment.logsVariable]: options.logsFolder,
    ...(deployment.stdout && { [deployment.stdout.idsVariable]: options.logContainers?.join(",") ?? "" }),
  };
  const monitoring = options.isMonitored ? pipeline.monitoring : undefined;
  for (const { services, image } of [
    ...allPartsOf(pipeline),
    ...(monitoring ? monitoringPartsOf(monitoring) : []),
  ]) {
    const { sizeBytes: _, ...resolved } = await resolvePartImage(docker, image!, options);
    environment[image!.variable] = resolved.reference;
    for (const [service, portVariable] of Object.entries(services)) {
      if (portVariable !== null) environment[portVariable] = "0";
      images.push({ service, ...resolved });
    }
  }
  await assertEngineHas(docker, project, [images[0]!.reference], [options.folder]);
  const started = await startProject(docker, pipeline, deployment, project, environment, options);
  const recreate: Recreate = async (service, reference) => {
    const { variable } = allPartsOf(pipeline).find(({ services }) => service in services)!.image!;
    await composeUp(docker, {
      ...started,
      // Several services may use the same variable; the containers of services that are not listed here are kept.
      environment: { ...started.environment, [variable]: reference },
      services: [service],
      replaces: true,
    });
  };
  const prometheusConfig = monitoring && join(options.folder, monitoring.prometheusConfig);
  return { images, recreate, monitoring, prometheusConfig };
}

/**
 * Starts the containers. If parts have fixed addresses, their subnets are chosen at random from the 512 subnets of 198.18.0.0/15, which RFC
 * 2544 reserves for tests between networks, and chosen again if another run uses them.
 *
 * @returns the environment with which they were started
 */
async function startProject(
  docker: Docker,
  { compose, monitoring }: Pipeline,
  { subnetsVariable }: FixtureDeployment,
  project: string,
  environment: Record<string, string>,
  { folder, signal, isMonitored }: StartOptions,
): Promise<ComposeUpOptions> {
  for (let draw = 1; ; draw++) {
    signal.throwIfAborted();
    const number = randomInt(512);
    const subnets = subnetsVariable && { [subnetsVariable]: `198.${18 + (number >> 8)}.${number & 255}` };
    const options: ComposeUpOptions = {
      folder,
      files: [compose, ...(isMonitored && monitoring ? [monitoring.compose] : [])],
      project,
      environment: { ...environment, ...subnets },
      mayPull: false,
    };
    try {
      await composeUp(docker, options);
      signal.throwIfAborted();
      return options;
    } catch (thrown) {
      if (draw === maxDraws || !messageOf(thrown).includes("Pool overlaps")) throw thrown;
      await removeProject(docker, project);
    }
  }
}
