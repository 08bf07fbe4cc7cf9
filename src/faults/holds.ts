import { pause } from "../base/abortable-pause.ts";

const probeMs = 50;

/** A record of what a fault did to an instance. */
interface Note {
  what: "ended" | "replaced";
  instance: string;
  by: object;
  atMs: number;
}

/** The interface through which a fault coordinates with the others of its schedule. */
export interface FaultHolds {
  /** Does something to instances while no other fault acts on any of them. */
  alone<Result>(instances: string[], work: () => Promise<Result>): Promise<Result>;
  /**
   * Holds an instance in a state, such as `down`, until `release`.
   *
   * @returns whether another fault already holds it in that state, so that there is nothing to do
   */
  take(state: string, instance: string): boolean;
  /** @returns whether another fault still holds it in that state, so that the state must remain */
  release(state: string, instance: string): boolean;
  /** Whether another fault holds an instance in a state. */
  byAnother(state: string, instance: string): boolean;
  /** Resolves when no other fault holds any of these instances down. */
  whenUp(instances: string[], signal: AbortSignal): Promise<void>;
  /** Records that the process of an instance is ended now, or its container is replaced, which also ends its process. */
  note(what: Note["what"], instance: string): void;
  /** Whether another fault has done that to an instance since a time in Unix milliseconds. */
  wasDoneByAnother(what: Note["what"], instance: string, sinceMs: number): boolean;
}

/**
 * Coordinates the faults of one schedule that act on the same instances. Without this, the fault that heals first would start an instance
 * that another fault still holds down. A fault also could not distinguish the effects of other faults of the schedule from those of
 * something outside of the run, which make it ineffective.
 */
export class Holds {
  readonly #holders = new Map<string, Set<object>>();
  readonly #notes: Note[] = [];
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Creates the view of one fault. */
  ofFault(): FaultHolds {
    const fault = {};
    const isHeld = (state: string, instance: string) =>
      [...this.#holdersOf(state, instance)].some((holder) => holder !== fault);
    return {
      alone: (instances, work) => this.#alone([...new Set(instances)].sort(), work),
      take: (state, instance) => {
        this.#holdersOf(state, instance).add(fault);
        return isHeld(state, instance);
      },
      release: (state, instance) => {
        this.#holdersOf(state, instance).delete(fault);
        return isHeld(state, instance);
      },
      byAnother: isHeld,
      whenUp: async (instances, signal) => {
        while (instances.some((instance) => isHeld("down", instance))) await pause(probeMs, signal);
      },
      note: (what, instance) => this.#notes.push({ what, instance, by: fault, atMs: Date.now() }),
      wasDoneByAnother: (what, instance, sinceMs) =>
        this.#notes.some(
          (note) =>
            note.by !== fault &&
            note.instance === instance &&
            note.atMs >= sinceMs &&
            (note.what === what || note.what === "replaced"),
        ),
    };
  }

  #holdersOf(state: string, instance: string): Set<object> {
    const key = `${state} ${instance}`;
    const holders = this.#holders.get(key) ?? new Set();
    this.#holders.set(key, holders);
    return holders;
  }

  /** Acquires the instances one after the other in the order of their names, so that no two faults wait for each other. */
  async #alone<Result>([first, ...rest]: string[], work: () => Promise<Result>): Promise<Result> {
    if (first === undefined) return work();
    const before = this.#turns.get(first) ?? Promise.resolve();
    const mine = before.then(() => this.#alone(rest, work));
    // The next fault waits until this one has finished, successfully or not.
    this.#turns.set(
      first,
      mine.catch(() => {}),
    );
    return mine;
  }
}
