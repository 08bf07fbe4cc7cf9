import { dirname, resolve } from "node:path";
import { UsageError } from "../base/errors.ts";
import { attachedPrefix } from "../load/log-files.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { type ImageOverrides, isReference } from "../pipeline/image-overrides.ts";
import { configNames, findConfig, type OwnConfig, readConfig } from "../pipeline/own-config.ts";
import { sourcePath } from "../pipeline/own-source.ts";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { assertNoProblems } from "../places/compose/check-stack.ts";
import { type ComposeModel, readCompose } from "../places/compose/compose-model.ts";
import { hiddenValues } from "../places/compose/hidden-values.ts";
import { metricsPortsOf } from "../places/compose/metrics-ports.ts";
import { neededServices } from "../places/compose/needed-services.ts";
import { withheldServices } from "../places/compose/own-monitoring.ts";
import { namedServices, type OwnOptions, ownPipeline } from "../places/compose/own-pipeline.ts";
import { runIdOf } from "../places/compose/project.ts";
import { assertReads } from "../places/compose/read-check.ts";
import { readShipperSettings } from "../places/compose/read-shipper-settings.ts";
import { repositoryOf } from "../places/images/repository.ts";

/** What the command line says about a custom pipeline. */
export interface OwnPipelineOptions {
  config?: string;
  project?: string;
  pipeline?: string;
  image?: ImageOverrides;
  /** In addition to those of the configuration. */
  envFile?: string[];
  profile?: string[];
  /** Whether alerts are to be observed, so that what watches for them has to run. */
  alerts?: boolean;
  expectAlerts?: boolean;
}

/** A custom pipeline, and its promises. */
export interface OwnPipeline {
  pipeline: Pipeline;
  bounds: Bounds;
}

/**
 * The custom pipeline: that of `--config`, or of a configuration in this folder unless `--pipeline` names another one.
 *
 * @returns undefined if there is none
 * @throws UsageError if its configuration is not valid, or there is no stack to attach to
 */
export async function loadOwnPipeline(options: OwnPipelineOptions): Promise<OwnPipeline | undefined> {
  const { config: given, project, pipeline, image = new Map() } = options;
  const isMonitored = Boolean(options.alerts || options.expectAlerts);
  if (given !== undefined && pipeline !== undefined)
    throw new UsageError("--config and --pipeline both name a pipeline; omit one of them.");
  const path = given ?? (pipeline === undefined ? await findConfig(resolve(".")) : undefined);
  if (path === undefined) {
    if (project === undefined) return undefined;
    throw new UsageError(
      `--project ${project} needs a configuration that names its parts: pass --config FILE, or run this in a folder that has ` +
        `${configNames[0]} (\`everyline init\` writes one).`,
    );
  }
  if (project !== undefined && runIdOf(project) !== undefined)
    throw new UsageError(
      `--project ${project} has the form of a run's, which \`everyline clean\` removes; give your stack another name.`,
    );
  const config = withCompose(await readConfig(path, process.env), options);
  for (const note of config.notes) process.stderr.write(`note: ${note}\n`);
  const model = await readCompose(config.composeFiles, dirname(config.file), config.envFiles);
  if (project !== undefined && image.size > 0)
    throw new UsageError("--image says what to start, but --project starts nothing; omit one of them.");
  const images = new Map(
    [...image].map(([service, wanted]) => [service, wholeReference(wanted, model.services[service]?.image)]),
  );
  const known = await shipperOf(config.shipper.service, model);
  const services = project === undefined ? await servicesToRun(config, model, isMonitored) : undefined;
  return {
    pipeline: ownPipeline(config, model, {
      project,
      images,
      hidden: await hiddenValues(config, model, process.env),
      ...(services && { services }),
      ...known,
    }),
    bounds: config.bounds,
  };
}

/** A configuration with the env files and profiles of the command line. */
function withCompose(config: OwnConfig, { envFile = [], profile = [] }: OwnPipelineOptions): OwnConfig {
  const activeProfiles = (process.env.COMPOSE_PROFILES ?? "").split(",").filter((name) => name !== "");
  return {
    ...config,
    envFiles: [...config.envFiles, ...envFile.map((file) => resolve(file))],
    profiles: [...config.profiles, ...profile, ...activeProfiles],
  };
}

async function servicesToRun(config: OwnConfig, model: ComposeModel, isMonitored: boolean) {
  const { shipper, sink, source, profiles, file } = config;
  const parts = namedServices(config, model, undefined);
  const watching = isMonitored && config.monitoring ? [config.monitoring.prometheus] : [];
  const named = [...parts, ...watching];
  const withheld = watching.length === 0 ? [] : await withheldServices(config, model);
  // Containers of the load stand in the place of this service.
  const stoodFor = [source.stdout?.service ?? []].flat().filter((service) => !named.includes(service));
  return neededServices(model, {
    named,
    // What writes the files of a file sink is a collector, too.
    shippers: [shipper.service, ...(sink.kind === "file" ? [sink.service] : [])],
    logsPath: sourcePath(source),
    with: config.with,
    without: [...config.without, ...stoodFor, ...withheld],
    profiles,
    file,
  });
}

/** What the files say about a shipper that a run has to know; nothing about a service that the Compose files do not have. */
async function shipperOf(
  service: string,
  model: ComposeModel,
): Promise<Pick<OwnOptions, "metricsPorts" | "patience">> {
  if (!(service in model.services)) return {};
  const settings = await readShipperSettings(model, service);
  const patience = "why" in settings ? undefined : settings.patience;
  return { metricsPorts: await metricsPortsOf(model, service), patience };
}

/**
 * Refuses, before anything starts, a pipeline about which a run could give no true verdict.
 *
 * @throws UsageError naming the setting and the way out
 */
export async function assertRunnable(pipeline: Pipeline): Promise<void> {
  const { deployment } = pipeline;
  if (deployment.kind === "fixture") return;
  if (deployment.project === undefined) return assertNoProblems(pipeline, deployment);
  const model = await readCompose(deployment.composeFiles, pipeline.folder, deployment.envFiles);
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const { logsPath, lines } = deployment;
  await assertReads(model, shipper, logsPath, { lines, prefix: attachedPrefix("0000") });
}

/** A version without a name is a version of the image that the Compose file names. */
function wholeReference(wanted: string, written: string | undefined): string {
  if (isReference(wanted) || written === undefined) return wanted;
  return `${repositoryOf(written)}:${wanted}`;
}
