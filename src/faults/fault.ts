import type { LoadWriter } from "../load/load-writer.ts";
import type { Stack } from "../places/place.ts";
import type { CommonEvidence, Evidence } from "./evidence.ts";
import type { FaultHolds } from "./holds.ts";

/** Everything that a fault may use. */
export interface FaultContext {
  stack: Stack;
  writer: LoadWriter;
  /** Coordinates the faults of the schedule that act on the same instances. */
  holds: FaultHolds;
  /**
   * Does something while Everyline does not poll the sink, because a query in progress would delay a graceful shutdown.
   *
   * @throws whatever the work throws
   */
  withPollingPaused<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Aborts the waits of the fault. */
  signal: AbortSignal;
}

/** Whether a fault took effect, and the evidence for it. */
export interface Proof<Found extends Evidence = Evidence> {
  effective: boolean;
  evidence: Found[];
}

/**
 * One injected failure. `inject`, `prove` and `heal` are called once each, in this order, and `prove` again before `heal`; times are Unix
 * milliseconds of this machine's clock, so that they can be compared with the ledger's marks.
 */
export interface Fault<Found extends Evidence = Evidence> {
  /** Injects the fault, and returns when it came into force. */
  inject(): Promise<number>;
  /**
   * Checks that the fault is in force, and has been since it was injected. A fault that ends by itself is proven by its traces.
   */
  prove(): Promise<Proof<Found>>;
  /**
   * Ends what is left of the fault, also after `inject` or `prove` has failed. Returns when it ended; for a fault that takes no time, this is
   * the time of `inject`.
   */
  heal(): Promise<number>;
  /** Checks after `heal` that the state before the fault is restored; only for faults whose end has to be proven as well. */
  proveHealed?(): Promise<Proof<Found>>;
  /** After `heal`, the containers that exited by themselves when they were to replace another; only for faults that replace containers. */
  refusals?(): Found[];
}

/**
 * Combines two proofs of a fault, from when it began and from before it healed. A fault that something else ended early was not what the
 * scenario says.
 */
export function proofOfBoth(first: Proof, last: Proof): Proof {
  if (!first.effective || last.effective) return first;
  const evidence: CommonEvidence[] = [{ code: "ended-early", found: last.evidence as { code: string }[] }];
  return { effective: false, evidence };
}

/** The proof that a fault took effect on each of several instances. */
export function proofOfAll<Found extends Evidence>(proofs: Proof<Found>[]): Proof<Found> {
  return {
    effective: proofs.length > 0 && proofs.every(({ effective }) => effective),
    evidence: proofs.flatMap(({ evidence }) => evidence),
  };
}

/** The proof of a fault that took effect. */
export function shows<Found extends Evidence>(...evidence: Found[]): Proof<Found> {
  return { effective: true, evidence };
}

/** The proof of a fault that did not take effect. */
export function refutes<Found extends Evidence>(...evidence: Found[]): Proof<Found> {
  return { effective: false, evidence };
}

/**
 * The results of actions on several instances, after all of them have ended. If one fails, the fault is healed, and no other action may still
 * be in progress then.
 *
 * @throws the error of the first action that failed
 */
export async function allEnded<Result>(attempts: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(attempts);
  return Promise.all(attempts);
}
