import { monitoringPartsOf } from "../../pipeline/monitoring.ts";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { type MountPlan, planMounts } from "./own-mounts.ts";
import { assertPushesWithin } from "./push-check.ts";
import { assertReads } from "./read-check.ts";
import { assertStartable } from "./startable.ts";
import { assertReadsNoOthers, assertReadsStdout } from "./stdout-check.ts";

/** How to start the stack of a custom pipeline. */
export interface OwnPlan {
  started: string[];
  shipper: string;
  /** By service, the ports that must be reachable from this machine. */
  reached: ReadonlyMap<string, readonly number[]>;
  mounts: MountPlan;
}

/** Returns the default command of an image; undefined if it is not known. */
export type CommandOf = (image: string) => Promise<string[] | undefined>;

/**
 * Plans what to start, without using the engine.
 *
 * @param model of its Compose files; services get the commands of their images
 * @param commandOf returns the default command of an image, if the engine has the image
 * @throws UsageError naming the setting and a remedy, if the stack has something that two stacks cannot both have, or that a run cannot
 * copy
 */
export async function planOwn(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  model: ComposeModel,
  commandOf: CommandOf,
): Promise<OwnPlan> {
  const { started } = deployment.services;
  for (const name of started) await addCommand(model.services[name]!, commandOf);
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const needed = allPartsOf(pipeline).filter(({ port }) => port !== undefined);
  const reached = new Map<string, readonly number[]>(
    needed.flatMap(({ services, port }) =>
      Object.keys(services).map((service) => [service, [port!]] as const),
    ),
  );
  for (const { services, port } of pipeline.ownMonitoring ? monitoringPartsOf(pipeline.ownMonitoring) : [])
    for (const service of Object.keys(services)) if (started.includes(service)) reached.set(service, [port!]);
  assertStartable(model, started, [...reached.keys()]);
  // The shipper's metrics are useful but optional, so a failure here is ignored.
  const { metricsPorts = [], services: shippers } = pipeline.shipper;
  for (const service of Object.keys(shippers))
    if (model.services[service]?.network_mode === undefined) reached.set(service, metricsPorts);
  for (const { check } of shipperChecks(pipeline, deployment, model)) await check();
  const mounts = await planOwnMounts(pipeline, deployment, model);
  return { started, shipper, reached, mounts };
}

/** What a shipper's own configuration must not say. Each check throws a UsageError; `about` is what the user would change. */
export function shipperChecks(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  model: ComposeModel,
): { about: "source" | "shipper"; check: () => Promise<void> }[] {
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const { logsPath, stdout, lines } = deployment;
  const ofFiles = stdout === undefined ? logsPath : undefined;
  const { access, kind } = pipeline.sink;
  return [
    { about: "shipper", check: () => assertReadsNoOthers(model, shipper, ofFiles) },
    {
      about: "source",
      check: () =>
        ofFiles === undefined
          ? assertReadsStdout(model, shipper, deployment)
          : assertReads(model, shipper, ofFiles, { lines }),
    },
    {
      about: "shipper",
      check: async () => {
        // A sink at an external address is meant to get the lines.
        if (access?.url === undefined) await assertPushesWithin(model, shipper, kind);
      },
    },
  ];
}

/**
 * How the mounts of the started services are handled.
 *
 * @throws UsageError naming the mount and what to do
 */
export async function planOwnMounts(
  pipeline: Pipeline,
  { services, logsPath, lines, mounts: wishes, stdout }: OwnDeployment,
  model: ComposeModel,
): Promise<MountPlan> {
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  return planMounts(model, {
    started: services.started,
    shipper,
    logsPath: stdout === undefined ? logsPath : undefined,
    isFileMounted: lines.isFileMounted,
    wishes,
  });
}

/** The image's own command may name the configuration file at which the user mounts another one. */
async function addCommand(service: ComposeService, commandOf: CommandOf): Promise<void> {
  const { image, command, entrypoint } = service;
  // An entry point in the Compose file also replaces the image's command.
  if (image === undefined || command !== null || entrypoint != null) return;
  service.command = (await commandOf(image)) ?? null;
}
