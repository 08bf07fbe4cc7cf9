import { type Ledger, storedIn } from "../load/ledger.ts";
import { codecFor, type LineCodec } from "../load/line.ts";
import { bareFrame, frameOf, type LineFrame } from "../load/line-frame.ts";
import { type Observation, observationFor, type Sighting } from "./observation.ts";

/**
 * What was read of exports of a run. Where lines were written in a template of the user's, an export does not say what a pipeline has left
 * around them: the texts are compared with each frame that comes into question, and the one in which most lines are intact is theirs.
 */
export class ExportObservation {
  /** Recognises lines in any of the frames. */
  readonly codec: LineCodec;
  readonly #candidates: Observation[];

  constructor(ledger: Ledger) {
    const { line, ...rest } = ledger;
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

  /** In the frame in which most lines are intact; of several, the one that the run has seen or the load has written. */
  get best(): Observation {
    return this.#candidates.reduce((best, other) =>
      other.deliveredCount() > best.deliveredCount() ? other : best,
    );
  }
}
