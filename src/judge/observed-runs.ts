import type { Ledger } from "../load/ledger.ts";
import type { LineCodec } from "../load/line.ts";
import { check, type Findings } from "./check.ts";
import { ExportObservation } from "./export-observation.ts";
import { findingsTogether } from "./findings-together.ts";
import type { Sighting } from "./observation.ts";

interface ObservedRun {
  ledger: Ledger;
  observation: ExportObservation;
}

/**
 * What was read of exports in which the lines of several runs may stand. Each text belongs to one of them: to the run whose line it is, else to
 * the first whose seed it bears. A text without any is one that nobody wrote, and is counted once.
 */
export class ObservedRuns {
  readonly #runs: readonly ObservedRun[];

  /** @param ledgers of runs with different seeds; at least one */
  constructor(ledgers: readonly Ledger[]) {
    this.#runs = ledgers.map((ledger) => ({ ledger, observation: new ExportObservation(ledger) }));
  }

  /** The codec of each run. */
  get codecs(): LineCodec[] {
    return this.#runs.map(({ observation }) => observation.codec);
  }

  /** The observation of the run of a codec, one of `codecs`. */
  observationOf(codec: LineCodec): ExportObservation {
    return this.#runs.find(({ observation }) => observation.codec === codec)!.observation;
  }

  /** The codec of the run whose lines stand most often at the beginning of an export. */
  codecFor(head: Buffer): LineCodec {
    const [first, ...others] = this.codecs;
    if (others.length === 0) return first!;
    const text = head.toString("latin1");
    const marksOf = ({ seed }: LineCodec) => text.split(`${seed}/`).length;
    return others.reduce((best, other) => (marksOf(other) > marksOf(best) ? other : best), first!);
  }

  /** Takes a raw line as it was read. */
  add(text: string): Sighting {
    return this.#runOf(text).observation.add(text);
  }

  /** What follows from all of it; of several runs, a source is named `SEED/SOURCE`. */
  findings(): Findings {
    const findings = this.#runs.map(({ ledger, observation }) => ({
      seed: ledger.seed,
      findings: check(ledger, observation.best),
    }));
    return findings.length === 1 ? findings[0]!.findings : findingsTogether(findings);
  }

  #runOf(text: string): ObservedRun {
    const [first, ...others] = this.#runs;
    if (others.length === 0) return first!;
    const bearing = this.#runs.filter(({ observation }) => observation.codec.isBorneBy(text));
    if (bearing.length > 1)
      return bearing.find(({ observation }) => observation.codec.decode(text) !== undefined) ?? bearing[0]!;
    // The beginning of a line that a crash left may be too short to bear a seed.
    return bearing[0] ?? this.#runs.find(({ observation }) => observation.awaitsTorn(text)) ?? first!;
  }
}
