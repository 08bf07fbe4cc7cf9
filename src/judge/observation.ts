import type { Ledger, SourceLedger } from "../load/ledger.ts";
import { type Identity, type LineClock, LineCodec, type LineShape } from "../load/line.ts";
import { type LineRuns, numbersPerRun } from "../load/matcher/line-runs.ts";
import { type Damage, type DamageKind, damageOf } from "./damage.ts";
import { Tally } from "./tally.ts";
import { TornTexts } from "./torn-texts.ts";

/**
 * The kind of a text that was read back. `first` and `again` are intact copies, `torn` is a partial line that a crash left at the source,
 * and `damageOf` explains the others.
 */
export type Sighting =
  | { kind: "first" | "again" | "sentinel" | "torn"; source: string; sequence: number }
  | Damage;

/** A text that is not an intact line, as evidence. */
export interface Sample {
  kind: DamageKind;
  /** The text, cut to its first 512 characters. */
  text: string;
  source?: string;
  sequence?: number;
}

/** How many texts of each kind are kept as evidence, at most. */
export const samplesPerKind = 5;
const sampleLength = 512;

/**
 * What was read back, line by line in the order of reading. Holds counters and a few bytes per sequence, never the lines. It does
 * not know how many lines were written, because the load may still be running; `check` compares it with the ledger.
 */
export class Observation {
  readonly codec: LineCodec;
  readonly samples: Sample[] = [];
  readonly torn: TornTexts;
  /** How many lines were read intact, but with something else around them than the sentinels had; and the first of these texts. */
  readonly otherwise: { lines: number; first: string | undefined } = { lines: 0, first: undefined };
  /** Further intact copies that the sink counts, but omits from its answers. */
  hiddenCopies = 0;
  readonly #tallies: Map<string, Tally>;
  readonly #damaged: Record<DamageKind, number> = { corrupted: 0, truncated: 0, merged: 0, unexpected: 0 };

  /**
   * @param sources the sources that write; an intact line of any other source is unexpected
   * @param torn the partial lines that crashes left at the source
   * @param line how the lines are written and stored; as Everyline's own JSON if absent
   * @throws UsageError if the seed is not a valid seed of a run
   */
  constructor(
    seed: string,
    clock: LineClock,
    sources: readonly string[],
    torn: readonly Pick<SourceLedger, "source" | "torn">[] = [],
    line?: LineShape,
  ) {
    this.codec = new LineCodec(seed, clock, line);
    this.torn = new TornTexts(this.codec, torn);
    this.#tallies = new Map(sources.map((source) => [source, new Tally()]));
  }

  /** Takes one raw line as it was read, without its newline. */
  add(text: string): Sighting {
    const identity = this.codec.decode(text) ?? this.#decodeAmidst(text);
    if (identity === undefined)
      return this.#addTorn(text) ?? this.#addDamage(text, damageOf(text, this.codec));
    const { source, sequence } = identity;
    const tally = this.#tallies.get(source);
    if (tally === undefined) return this.#addDamage(text, { kind: "unexpected", identity });
    if (sequence === 0) return { kind: "sentinel", source, sequence };
    return { kind: tally.add(sequence) === 0 ? "first" : "again", source, sequence };
  }

  /**
   * Takes runs of lines that were read as they were written: the same as `add` of each.
   *
   * @throws RangeError if a source is not one of the observation's
   */
  addRuns({ sources, numbers }: LineRuns): void {
    const tallies = sources.map((source) => this.#tallies.get(source));
    for (let index = 0; index < numbers.length; index += numbersPerRun) {
      const tally = tallies[numbers[index]! - 1];
      if (tally === undefined) throw new RangeError("expected lines of a source that writes");
      tally.addRun(numbers[index + 1]!, numbers[index + 2]!);
    }
  }

  /** Whether an intact copy of a line was read. */
  isDelivered(source: string, sequence: number): boolean {
    return (this.#tallies.get(source)?.copiesOf(sequence) ?? 0) > 0;
  }

  /** How many distinct lines were read intact, of one source or of all. */
  deliveredCount(source?: string): number {
    if (source !== undefined) return this.#tallies.get(source)?.distinct ?? 0;
    return this.#sumOf((tally) => tally.distinct);
  }

  /** How many texts of a kind were read. */
  damagedCount(kind: DamageKind): number {
    return this.#damaged[kind];
  }

  /** How many intact lines were read, counting every copy and no sentinels. */
  intactCount(): number {
    return this.#sumOf((tally) => tally.copiesInAll);
  }

  /** What came back of a source; undefined if the source is not one of the observation's. */
  tallyOf(source: string): Tally | undefined {
    return this.#tallies.get(source);
  }

  #sumOf(count: (tally: Tally) => number): number {
    return [...this.#tallies.values()].reduce((sum, tally) => sum + count(tally), 0);
  }

  #decodeAmidst(text: string): Identity | undefined {
    const identity = this.codec.decodeAmidst(text);
    if (identity === undefined) return undefined;
    this.otherwise.lines++;
    this.otherwise.first ??= text.slice(0, sampleLength);
    return identity;
  }

  #addTorn(text: string): Sighting | undefined {
    const torn = this.torn.add(text);
    return torn && { kind: "torn", source: torn.source, sequence: torn.sequence };
  }

  #addDamage(text: string, damage: Damage): Damage {
    this.#damaged[damage.kind]++;
    if (this.#damaged[damage.kind] <= samplesPerKind) this.samples.push(sampleOf(text, damage));
    return damage;
  }
}

/** An empty observation of the run of a ledger. */
export function observationFor({ seed, clock, line, sources }: Ledger): Observation {
  const names = sources.map(({ source }) => source);
  return new Observation(seed, clock, names, sources, line);
}

function sampleOf(text: string, { kind, identity }: Damage): Sample {
  return { kind, text: text.slice(0, sampleLength), ...identity };
}
