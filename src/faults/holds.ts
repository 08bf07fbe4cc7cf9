import { pause } from "../base/abortable-pause.ts";

const probeMs = 50;

/** What was done to an instance by a fault that is over, or goes on. */
interface Note {
  what: "ended" | "replaced";
  instance: string;
  by: object;
  atMs: number;
}

/** What one fault sees of the others of its schedule, and tells them. */
export interface FaultHolds {
  /** Does something to instances while no other fault does anything to any of them. */
  alone<Result>(instances: string[], work: () => Promise<Result>): Promise<Result>;
  /**
   * Holds an instance in a state, such as `down`, until `release`.
   *
   * @returns whether another fault holds it in that state already, so that nothing is to be done
   */
  take(state: string, instance: string): boolean;
  /** @returns whether another fault still holds it in that state, so that nothing is to be undone */
  release(state: string, instance: string): boolean;
  /** Whether another fault holds an instance in a state. */
  byAnother(state: string, instance: string): boolean;
  /** Resolves when no other fault holds any of these instances down. */
  whenUp(instances: string[], signal: AbortSignal): Promise<void>;
  /** Tells that an instance's process is ended now, or its container replaced, which ends its process as well. */
  note(what: Note["what"], instance: string): void;
  /** Whether another fault has done that to an instance since a time in Unix milliseconds. */
  wasDoneByAnother(what: Note["what"], instance: string, sinceMs: number): boolean;
}

/**
 * What the faults of one schedule do to the same instances. Faults may overlap: without this, the one that heals first would start what the
 * other still holds down, and a fault could not tell another's doing from a stranger's, which makes it ineffective.
 */
export class Holds {
  readonly #holders = new Map<string, Set<object>>();
  readonly #notes: Note[] = [];
  readonly #turns = new Map<string, Promise<unknown>>();

  /** The view of one more fault. */
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

  /** One after the other, always in the order of the names, so that no two faults wait for each other. */
  async #alone<Result>([first, ...rest]: string[], work: () => Promise<Result>): Promise<Result> {
    if (first === undefined) return work();
    const before = this.#turns.get(first) ?? Promise.resolve();
    const mine = before.then(() => this.#alone(rest, work));
    // The next in turn waits until this one is over, however it ends.
    this.#turns.set(
      first,
      mine.catch(() => {}),
    );
    return mine;
  }
}
