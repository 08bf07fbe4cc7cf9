import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { type ComposeModel, type ComposeService, readCompose, startedWith } from "./compose-model.ts";
import { type MountPlan, planMounts } from "./own-mounts.ts";
import { assertPushesWithin } from "./push-check.ts";
import { assertReads } from "./read-check.ts";
import { assertStartable } from "./startable.ts";

/** How the stack of a pipeline of the user's own is to be started. */
export interface OwnPlan {
  model: ComposeModel;
  started: string[];
  shipper: string;
  /** By service, the ports that are to be reached from this machine. */
  reached: ReadonlyMap<string, readonly number[]>;
  mounts: MountPlan;
}

/** What an image runs where a Compose file does not say otherwise; undefined where nobody knows. */
export type CommandOf = (image: string) => Promise<string[] | undefined>;

/**
 * Finds out what would be started, without an engine.
 *
 * @param commandOf tells what an image runs by itself, as far as the engine has it
 * @throws UsageError naming the setting and the way out, if it has what two stacks cannot both have, or what a run cannot copy
 */
export async function planOwn(
  pipeline: Pipeline,
  deployment: OwnDeployment,
  commandOf: CommandOf = async () => undefined,
): Promise<OwnPlan> {
  const { composeFiles, logsPath, mounts: wishes } = deployment;
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
  // Where the shipper's metrics may answer is of use, but no run needs it.
  const { metricsPorts = [], services: shippers } = pipeline.shipper;
  for (const service of Object.keys(shippers))
    if (model.services[service]?.network_mode === undefined) reached.set(service, metricsPorts);
  await assertReads(model, shipper, logsPath);
  // One that is elsewhere is meant to get the lines.
  if (pipeline.sink.access?.url === undefined) await assertPushesWithin(model, shipper, pipeline.sink.kind);
  const mounts = await planMounts(model, { started, shipper, logsPath, wishes });
  return { model, started, shipper, reached, mounts };
}

/** An image may name its configuration itself, at a path where the user mounts another. */
async function addCommand(service: ComposeService, commandOf: CommandOf): Promise<void> {
  const { image, command, entrypoint } = service;
  // An entry point of the Compose file takes the place of the image's command, too.
  if (image === undefined || command !== null || entrypoint != null) return;
  service.command = (await commandOf(image)) ?? null;
}
