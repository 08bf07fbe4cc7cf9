import { type Ledger, storedIn } from "../load/ledger.ts";
import { codecFor, type LineCodec } from "../load/line.ts";
import { bareFrame, frameOf, type LineFrame } from "../load/line-frame.ts";
import type { LineRuns } from "../load/matcher/line-runs.ts";
import type { LinesToMatch } from "../load/matcher/line-tables.ts";
import { type Observation, observationFor, type Sighting } from "./observation.ts";

/**
 * What was read of exports of a run. Where lines were written in a template of the user's, an export does not say what a pipeline has left
 * around them: the texts are compared with each frame that comes into question, and the one in which most lines are intact is theirs.
 */
export class ExportObservation {
  /** Recognises lines in any of the frames. */
  readonly codec: LineCodec;
  readonly #candidates: Observation[];
  readonly #sources: string[];

  constructor(ledger: Ledger) {
    const { line, ...rest } = ledger;
    this.#sources = ledger.sources.map(({ source }) => source);
    const stored = line?.stored && { ...line.stored, within: undefined };
    this.codec = codecFor(
      stored?.isForeign ? storedIn(stored, ledger) : { ...rest, line: line && { template: line.template } },
    );
    const frames: (LineFrame | undefined)[] =
      line === undefined ? [undefined] : [...(stored ? [stored] : []), frameOf(line.template), bareFrame];
    this.#candidates = frames.map((frame) => observationFor(storedIn(frame, ledger)));
  }

  /**
   * Takes a raw line as it was read.
   *
   * @returns what it is in the frame that fits best so far
   */
  add(text: string): Sighting {
    const sightings = this.#candidates.map((observation) => ({
      observation,
      sighting: observation.add(text),
    }));
    const best = this.best;
    return sightings.find(({ observation }) => observation === best)!.sighting;
  }

  /**
   * How lines look of which `addRuns` may be told; undefined where that depends on a frame.
   */
  get matchable(): LinesToMatch | undefined {
    const { seed, clock, written } = this.codec;
    if (written !== undefined || this.#sources.length === 0) return undefined;
    return { seed, clock, sources: this.#sources };
  }

  /** Takes runs of lines that were read as they were written: the same as `add` of each. */
  addRuns(runs: LineRuns): void {
    for (const observation of this.#candidates) observation.addRuns(runs);
  }

  /** Whether a text is what a crash left of a line, and has not come back yet. */
  awaitsTorn(text: string): boolean {
    return this.#candidates.some(({ torn }) => torn.awaits(text));
  }

  /** In the frame in which most lines are intact; of several, the one that the run has seen or the load has written. */
  get best(): Observation {
    return this.#candidates.reduce((best, other) =>
      other.deliveredCount() > best.deliveredCount() ? other : best,
    );
  }
}
