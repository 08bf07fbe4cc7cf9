import type { CommonEvidence, Evidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";

/**
 * A fault that has to have met everything that serves: one that hit all instances of some services as they were when the run began took
 * effect only if no other serves in their place or beside them by now, as when somebody scales a service that is attached to.
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
