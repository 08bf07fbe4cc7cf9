import type { LoadWriter } from "../load/load-writer.ts";
import type { Stack } from "../places/place.ts";
import type { CommonEvidence, Evidence } from "./evidence.ts";
import type { FaultHolds } from "./holds.ts";

/** All that a fault may touch. */
export interface FaultContext {
  stack: Stack;
  writer: LoadWriter;
  /** What the faults of the schedule do to instances at the same time. */
  holds: FaultHolds;
  /**
   * Does something while Everyline asks the sink for nothing: a query under way would hold up a graceful shutdown.
   *
   * @throws whatever the work throws
   */
  withPollingPaused<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends whatever a fault waits for. */
  signal: AbortSignal;
}

/** Whether a fault took effect, and what that rests on. */
export interface Proof<Found extends Evidence = Evidence> {
  effective: boolean;
  evidence: Found[];
}

/**
 * One injected failure. `inject`, `prove` and `heal` are called once each, in this order, and `prove` again before `heal`; times are Unix
 * milliseconds of this machine's clock, so that they can be compared with the ledger's marks.
 */
export interface Fault<Found extends Evidence = Evidence> {
  /** Brings the fault about and returns since when it has been in force. */
  inject(): Promise<number>;
  /**
   * Looks, while the fault is in force, whether it really is, and has been since it was injected. A fault that ends by itself is proven
   * by its traces.
   */
  prove(): Promise<Proof<Found>>;
  /**
   * Ends whatever is left of the fault, also after `inject` or `prove` has failed, and returns until when it was in force: the time of
   * `inject` for one that takes no time.
   */
  heal(): Promise<number>;
  /** Looks, after `heal`, whether what was before is back; of a fault whose end is put to the test as well. */
  proveHealed?(): Promise<Proof<Found>>;
  /** What ended by itself where it was to run in the place of another, after `heal`; of a fault that replaces something. */
  refusals?(): Found[];
}

/**
 * What two looks at a fault come to, the first when it began and the last before it healed: one that something else ended early was not
 * what the scenario says.
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

/** A finding that speaks for the fault. */
export function shows<Found extends Evidence>(...evidence: Found[]): Proof<Found> {
  return { effective: true, evidence };
}

/** A finding that speaks against it. */
export function refutes<Found extends Evidence>(...evidence: Found[]): Proof<Found> {
  return { effective: false, evidence };
}

/**
 * The results of what is done to several instances, once all of it has ended: a fault that failed half way is healed, and nothing of it
 * may be under way then.
 *
 * @throws what the first that failed threw
 */
export async function allEnded<Result>(attempts: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(attempts);
  return Promise.all(attempts);
}
