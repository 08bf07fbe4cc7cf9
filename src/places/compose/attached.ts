import type Docker from "dockerode";
import { planFault } from "../../faults/create-fault.ts";
import type { OwnDeployment, Pipeline } from "../../pipeline/pipeline.ts";
import type { ScheduledFault } from "../../plan/scenario.ts";
import { findStack } from "./find-stack.ts";

/**
 * Looks at a stack that is up before anything is written into it: whether a run can break all that serves there.
 *
 * @throws UsageError if something serves that no part of the pipeline names, or a service has more containers than a fault can break
 */
export async function assertCanBreak(
  docker: Docker,
  pipeline: Pipeline,
  deployment: OwnDeployment & { project: string },
  faults: ScheduledFault[],
): Promise<void> {
  const { pipeline: found } = await findStack(docker, pipeline, deployment);
  for (const fault of faults) planFault(fault, found);
}
