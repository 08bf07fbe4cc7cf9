import type { BlindSpot } from "../judge/recorded-alerts.ts";

/** The maximum number of times that are listed; later ones extend the last of the same subject. */
const maxBlindSpots = 200;

/** What is looked at, and what is wrong with it. */
export type Trouble = Omit<BlindSpot, "fromMs" | "toMs">;
type Subject = Pick<BlindSpot, "what" | "set" | "name">;

/** Notes at which times alerts may have been missed: from the last moment at which all was well to the next. */
export class BlindSpots {
  readonly #wellAtMs = new Map<string, number>();
  readonly #open = new Map<string, BlindSpot>();
  readonly #spots: BlindSpot[] = [];
  readonly #fromMs: number;

  /** @param fromMs since when is looked, in Unix milliseconds */
  constructor(fromMs: number) {
    this.#fromMs = fromMs;
  }

  get list(): BlindSpot[] {
    return this.#spots;
  }

  /** Notes that a subject was in order. */
  well(atMs: number, subject: Subject): void {
    const key = keyOf(subject);
    this.#wellAtMs.set(key, atMs);
    const open = this.#open.get(key);
    if (open === undefined) return;
    open.toMs = Math.max(open.toMs, atMs);
    this.#open.delete(key);
  }

  /** Notes that something was wrong with a subject. */
  trouble(atMs: number, trouble: Trouble): void {
    const { what, set, name, problem } = trouble;
    const key = keyOf({ what, set, name });
    const isFull = this.#spots.length >= maxBlindSpots;
    const open = this.#open.get(key) ?? (isFull ? this.#lastOf(key) : undefined);
    if (open !== undefined) {
      open.toMs = Math.max(open.toMs, atMs);
      this.#open.set(key, open);
      return;
    }
    const fromMs = this.#wellAtMs.get(key) ?? this.#fromMs;
    const spot = { what, set, name, fromMs, toMs: Math.max(fromMs, atMs), problem };
    this.#spots.push(spot);
    this.#open.set(key, spot);
  }

  #lastOf(key: string): BlindSpot | undefined {
    return this.#spots.findLast((spot) => keyOf(spot) === key);
  }
}

function keyOf({ what, set, name }: Subject): string {
  return JSON.stringify([what, set, name]);
}
