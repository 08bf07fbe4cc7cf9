import type { Generator } from "../load/generator.ts";
import type { RotationMethod } from "../load/load-plan.ts";
import type { PartName } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";

/** What is to be done to which hop. */
export type FaultSpec =
  /** SIGTERM, and SIGKILL after the engine's 10 s; started again at once: `docker restart`. */
  | { kind: "restart"; target: PartName }
  /** SIGKILL; started again when the fault heals: `docker kill` and `docker start`. */
  | { kind: "kill"; target: PartName }
  /** SIGTERM; started again when the fault heals: `docker stop` and `docker start`. */
  | { kind: "stop"; target: PartName }
  /** Taken from the pipeline's network until the fault heals: `docker network disconnect` and `connect`. */
  | { kind: "disconnect"; target: PartName }
  /** Every source's file is rotated between two writes. */
  | { kind: "rotate"; target: "source"; method: RotationMethod };

/** What a fault may touch. */
export interface FaultWorld {
  stack: Stack;
  generator: Generator;
}

/** Whether a fault took effect, and how that is known, in a few words for a report. */
export interface Proof {
  effective: boolean;
  evidence: string;
}

/**
 * One injected failure. Called once each, in this order; times are Unix milliseconds of this machine's clock, so that they can
 * be compared with the ledger's marks.
 */
export interface Fault {
  /** Brings the fault about and returns since when it has been in force. */
  inject(): Promise<number>;
  /** Looks, while the fault is in force, whether it really is. A fault that ends by itself is proven by its traces. */
  prove(): Promise<Proof>;
  /** Ends the fault and returns until when it was in force: the time of `inject` for one that takes no time. */
  heal(): Promise<number>;
}
