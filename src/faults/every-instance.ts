import { UsageError } from "../base/errors.ts";
import { type Pipeline, replicasOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/compose/stack.ts";
import { type Fault, type FaultSpec, type Proof, proofOfAll } from "./fault.ts";

/**
 * A fault that has to have met everything that serves: one that hit all instances of some services as they were when the run began took
 * effect only if no other serves in their place or beside them by now, as when somebody scales a service that is attached to.
 */
export function onEveryInstance(stack: Stack, services: string[], fault: Fault): Fault {
  const missed = async (): Promise<Proof[]> =>
    (await stack.changes(services)).map((evidence) => ({ effective: false, evidence }));
  return {
    inject: () => fault.inject(),
    prove: async () => proofOfAll([await fault.prove(), ...(await missed())]),
    heal: () => fault.heal(),
    ...(fault.proveHealed && { proveHealed: () => fault.proveHealed!() }),
    ...(fault.refusals && { refusals: () => fault.refusals!() }),
  };
}

/** Whether a fault cannot be brought about in several containers of one service: it replaces or doubles one, or reads its disk. */
export function needsOneInstance({ kind }: Pick<FaultSpec, "kind">): boolean {
  return kind === "join" || kind === "tear-wal" || kind === "swap-image";
}

/** @throws UsageError naming the service and how many containers it has, if a fault needs one and it has several */
export function assertFewEnough(pipeline: Pipeline, { kind }: FaultSpec, services: string[]): void {
  if (!needsOneInstance({ kind })) return;
  const several = services.find((service) => replicasOf(pipeline, service) > 1);
  if (several === undefined) return;
  throw new UsageError(
    `${kind} works on services with one container, and ${several} has ${replicasOf(pipeline, several)} containers; ` +
      "give it one (deploy.replicas or scale), or choose another scenario.",
  );
}
