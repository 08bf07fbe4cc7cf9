import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { type ComposeModel, type ComposeService, readCompose, startedWith } from "./compose-model.ts";
import { type MountPlan, planMounts } from "./own-mounts.ts";
import { assertPushesWithin } from "./push-check.ts";
import { assertReads } from "./read-check.ts";
import { assertStartable } from "./startable.ts";
import { assertReadsNoOthers, assertReadsStdout } from "./stdout-check.ts";

/** How to start the stack of a custom pipeline. */
export interface OwnPlan {
  model: ComposeModel;
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
 * @param commandOf returns the default command of an image, if the engine has the image
 * @throws UsageError naming the setting and a remedy, if the stack has something that two stacks cannot both have, or that a run cannot
 * copy
 */
export async function planOwn(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  commandOf: CommandOf = async () => undefined,
): Promise<OwnPlan> {
  const { composeFiles, mounts: wishes, stdout } = deployment;
  const logsPath = stdout === undefined ? deployment.logsPath : undefined;
  const model = await readCompose(composeFiles, pipeline.folder);
  const started = startedWith(
    model,
    allPartsOf(pipeline).flatMap((part) => Object.keys(part.services)),
  );
  for (const name of started) await addCommand(model.services[name]!, commandOf);
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const needed = allPartsOf(pipeline).filter(({ port }) => port !== undefined);
  const reached = new Map<string, readonly number[]>(
    needed.flatMap(({ services, port }) =>
      Object.keys(services).map((service) => [service, [port!]] as const),
    ),
  );
  assertStartable(model, started, [...reached.keys()]);
  // The shipper's metrics are useful but optional, so a failure here is ignored.
  const { metricsPorts = [], services: shippers } = pipeline.shipper;
  for (const service of Object.keys(shippers))
    if (model.services[service]?.network_mode === undefined) reached.set(service, metricsPorts);
  await assertReadsNoOthers(model, shipper, logsPath);
  if (logsPath !== undefined) await assertReads(model, shipper, logsPath);
  else await assertReadsStdout(model, shipper, deployment);
  // A sink at an external address is meant to get the lines.
  if (pipeline.sink.access?.url === undefined) await assertPushesWithin(model, shipper, pipeline.sink.kind);
  const mounts = await planMounts(model, { started, shipper, logsPath, wishes });
  return { model, started, shipper, reached, mounts };
}

/** The image's own command may name the configuration file at which the user mounts another one. */
async function addCommand(service: ComposeService, commandOf: CommandOf): Promise<void> {
  const { image, command, entrypoint } = service;
  // An entry point in the Compose file also replaces the image's command.
  if (image === undefined || command !== null || entrypoint != null) return;
  service.command = (await commandOf(image)) ?? null;
}
