import { type ComposeModel, readCompose, startedWith } from "./compose-model.ts";
import { type MountPlan, planMounts } from "./own-mounts.ts";
import { allPartsOf, type OwnDeployment, type Pipeline, servicesOf } from "./pipeline.ts";
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

/**
 * Finds out what would be started, without an engine.
 *
 * @throws UsageError naming the setting and the way out, if it has what two stacks cannot both have, or what a run cannot copy
 */
export async function planOwn(pipeline: Pipeline, deployment: OwnDeployment): Promise<OwnPlan> {
  const { composeFiles, logsPath, mounts: wishes } = deployment;
  const model = await readCompose(composeFiles, pipeline.folder);
  const started = startedWith(
    model,
    allPartsOf(pipeline).flatMap((part) => Object.keys(part.services)),
  );
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const reached = new Map(
    allPartsOf(pipeline).flatMap(({ services, port }) =>
      port === undefined ? [] : Object.keys(services).map((service) => [service, [port]] as const),
    ),
  );
  const needed = allPartsOf(pipeline).filter(({ port }) => port !== undefined);
  assertStartable(
    model,
    started,
    needed.flatMap(({ services }) => Object.keys(services)),
  );
  await assertReads(model, shipper, logsPath);
  // One that is elsewhere is meant to get the lines.
  if (pipeline.loki.access?.url === undefined) await assertPushesWithin(model, shipper);
  const mounts = await planMounts(model, { started, shipper, logsPath, wishes });
  return { model, started, shipper, reached, mounts };
}
