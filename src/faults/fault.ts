import type { RotationMethod } from "../load/load-plan.ts";
import type { LogWriter } from "../load/log-writer.ts";
import type { LinkName, PartName } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/compose/stack.ts";
import type { WalEvent } from "./await-wal.ts";
import type { Slowness } from "./slow.ts";
import type { Tear } from "./tear-wal.ts";

/** What containers a fault hits: all of a part, or a group of some that `pipeline.yaml` names. */
type FaultTarget = PartName | "loki-writer" | "kafka-pair" | "site-a";

/** What is to be done to what. */
export type FaultSpec =
  /** SIGTERM, and SIGKILL after the engine's 10 s; started again at once: `docker restart`. */
  | { kind: "restart"; target: FaultTarget }
  /**
   * SIGKILL; started again when the fault heals: `docker kill` and `docker start`. `kafka-leader` is the broker that leads most of
   * the topic when the fault is injected. `app` is the application that writes the lines; nothing is written while it is down, so it is
   * started again at once, and the fault takes no time.
   */
  | { kind: "kill"; target: FaultTarget | "kafka-leader" | "app" }
  /** SIGTERM; started again when the fault heals: `docker stop` and `docker start`. */
  | { kind: "stop"; target: FaultTarget }
  /** SIGKILL, and a record of the write-ahead log is damaged while it is down; started again when the fault heals. */
  | ({ kind: "tear-wal"; target: "loki" | "loki-writer" } & Tear)
  /** Nothing is broken, but something happens to the write-ahead log that a later fault builds on; takes no time. */
  | ({ kind: "await-wal"; target: "loki" } & WalEvent)
  /** Nothing is broken: Loki's writers write to the store what they hold, for a later fault to meet it there; takes no time. */
  | { kind: "flush"; target: "loki" }
  /** A link is cut until the fault heals: `docker network disconnect` and `connect` for all that stand at one of its ends. */
  | { kind: "disconnect"; target: LinkName }
  /** What the link between two sites carries takes longer, or comes in no more than so many kB a second, until the fault heals. */
  | ({ kind: "slow"; target: "site-link" } & Slowness)
  /**
   * Each container in turn is ended (SIGTERM, or SIGKILL if `isKilled`) and replaced by one that runs another image, ready before the
   * next; the same back when the fault heals. `image` is a version of the part's image, or a whole reference.
   */
  | { kind: "swap-image"; target: string; image: string; isKilled?: boolean }
  /** A second container of the same kind works beside the first until the fault heals. */
  | { kind: "join"; target: "consumer" }
  /** Every source's file is rotated between two writes; `own` waits until the application has done so by itself. */
  | { kind: "rotate"; target: "source"; method: RotationMethod };

/** What a fault may touch. */
export interface FaultContext {
  stack: Stack;
  writer: LogWriter;
  /** Services whose processes a fault has ended: what those kept in memory went with them, and is no other fault's failure. */
  ended: Set<string>;
  /**
   * Does something to Loki while nobody of Everyline's asks it for anything: a query under way would hold up a graceful shutdown.
   * What fails fails here, too.
   */
  withPollingPaused<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends whatever a fault waits for. */
  signal: AbortSignal;
}

/** Whether a fault took effect, and how that is known, in a few words for a report. */
export interface Proof {
  effective: boolean;
  evidence: string;
}

/**
 * What two looks at a fault come to, the first when it began and the last before it healed: one that something else ended early was not
 * what the scenario says.
 */
export function proofOfBoth(first: Proof, last: Proof): Proof {
  if (!first.effective || last.effective) return first;
  return { effective: false, evidence: `it did not last until it was to heal: ${last.evidence}` };
}

/**
 * The proof that a fault took effect on each of several containers.
 *
 * @param between what separates the evidence of one from that of the next
 */
export function proofOfAll(proofs: Proof[], between = ", "): Proof {
  return {
    effective: proofs.length > 0 && proofs.every(({ effective }) => effective),
    evidence: proofs.map(({ evidence }) => evidence).join(between),
  };
}

/**
 * The results of what is done to several containers, once all of it has ended: a fault that failed half way is healed, and nothing of it
 * may be under way then.
 *
 * @throws what the first that failed threw
 */
export async function allEnded<Result>(attempts: Promise<Result>[]): Promise<Result[]> {
  await Promise.allSettled(attempts);
  return Promise.all(attempts);
}

/**
 * One injected failure. `inject`, `prove` and `heal` are called once each, in this order, and `prove` again before `heal`; times are Unix milliseconds of this machine's clock, so that they can
 * be compared with the ledger's marks.
 */
export interface Fault {
  /** Brings the fault about and returns since when it has been in force. */
  inject(): Promise<number>;
  /**
   * Looks, while the fault is in force, whether it really is, and has been since it was injected. A fault that ends by itself is proven
   * by its traces.
   */
  prove(): Promise<Proof>;
  /**
   * Ends whatever is left of the fault, also after `inject` or `prove` has failed, and returns until when it was in force: the time of
   * `inject` for one that takes no time.
   */
  heal(): Promise<number>;
  /** Looks, after `heal`, whether what was before is back; of a fault whose end is put to the test as well. */
  proveHealed?(): Promise<Proof>;
  /** What ended by itself where it was to run in the place of another, after `heal`; of a fault that replaces something. */
  refusals?(): string[];
}
