import type { CommonEvidence, Evidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";

/**
 * A fault that must hit every instance of some services. It took effect only if no other instance serves now in their place or beside them,
 * for example because somebody has scaled a service of a stack that the run is attached to.
 */
export function onEveryInstance<Found extends Evidence>(
  { stack }: FaultContext,
  services: string[],
  fault: Fault<Found>,
): Fault<Found | CommonEvidence> {
  const missed = async (): Promise<Proof<Found | CommonEvidence>[]> =>
    (await stack.changes(services)).map((change) =>
      refutes<Found | CommonEvidence>({ code: "stack-changed", change }),
    );
  return {
    inject: () => fault.inject(),
    prove: async () => proofOfAll<Found | CommonEvidence>([await fault.prove(), ...(await missed())]),
    heal: () => fault.heal(),
    ...(fault.proveHealed && { proveHealed: () => fault.proveHealed!() }),
    ...(fault.refusals && { refusals: () => fault.refusals!() }),
  };
}
