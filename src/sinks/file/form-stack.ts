import { UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { beginsLine, byBearing } from "./forms/bearing.ts";
import type { FormReader } from "./forms/form.ts";
import { lineForms } from "./forms/line-forms.ts";
import { surroundings } from "./surroundings.ts";

/** How many formats may be nested: Docker's JSON in a container runtime's file in logcli's JSON lines, for instance. */
const maxNested = 4;
/** A format must explain so many times as many lines as there are raw ones, so that one damaged line among raw ones is not a format. */
const rawOutweighs = 4;
/** At least every eighth text of a sample must have a format, so that one damaged text that happens to look like it is not enough. */
const fewestInForm = 8;
/** How many damaged texts of a sample, and which share of it, may look as if they had a format that removes more. */
const [damagedTexts, damagedPart] = [2, 16];

/** The content of a text; undefined if it does not have the format. A text that surely begins as a line of the run never has. */
export function unwrapped(text: string, form: FormReader, codec: LineCodec): readonly string[] | undefined {
  if (codec.isSurelyBegunBy(text)) return undefined;
  const inner = form.unwrap(text);
  return typeof inner === "string" ? [inner] : inner;
}

/** One of several nested formats. */
export interface Layer {
  open: () => FormReader;
}

/** How well texts are explained: by the number of whole lines, then of texts that at least begin like lines. */
interface Score {
  whole: number;
  begun: number;
}

function scoreOf(texts: readonly string[], codec: LineCodec): Score {
  return {
    whole: texts.filter((text) => codec.decode(text) !== undefined).length,
    begun: texts.filter((text) => beginsLine(text, codec)).length,
  };
}

/**
 * The formats of the lines, the outermost first: those that lead to the most whole lines.
 *
 * @param sample texts of an export, most of which contain lines of the run
 * @returns none if the texts are lines already
 */
export function stackFor(sample: readonly string[], codec: LineCodec): Layer[] {
  const raw = scoreOf(sample, codec);
  const { stack, score } = bestOf(sample, codec, maxNested);
  const bearing = sample.filter(byBearing(codec)).length;
  const isForm = score.begun * fewestInForm >= bearing;
  return isForm && isBetter(score, { whole: raw.whole * rawOutweighs, begun: raw.begun }) ? stack : [];
}

function isBetter(one: Score, other: Score): boolean {
  return one.whole > other.whole || (one.whole === other.whole && one.begun > other.begun);
}

/** Chooses between formats: one that removes more also explains texts that were damaged at their beginning. */
function isMuchBetter(one: Score, { stack, score }: { stack: Layer[]; score: Score }): boolean {
  const margin = stack.length > 0 && score.whole > 0 ? Math.max(damagedTexts, score.whole / damagedPart) : 0;
  return margin > 0 ? one.whole > score.whole + margin : isBetter(one, score);
}

function bestOf(texts: readonly string[], codec: LineCodec, depth: number): { stack: Layer[]; score: Score } {
  let best = { stack: [] as Layer[], score: scoreOf(texts, codec) };
  if (depth === 0 || best.score.whole * 2 > texts.length) return best;
  for (const open of lineForms.flatMap((form) => form.readers(texts, codec))) {
    const reader = open();
    const inner = texts.flatMap((text) => unwrapped(text, reader, codec) ?? []);
    if (inner.length === 0) continue;
    const rest = bestOf(inner, codec, depth - 1);
    const found = { stack: [{ open }, ...rest.stack], score: rest.score };
    const isShorter = !isBetter(best.score, found.score) && found.stack.length < best.stack.length;
    if (isMuchBetter(found.score, best) || isShorter) best = found;
  }
  return best;
}

/**
 * Refuses texts if each has something around its line that no known format removes.
 *
 * @throws UsageError with the command that removes it
 */
export function assertNothingAround(
  sample: readonly string[],
  stack: readonly Layer[],
  codec: LineCodec,
): void {
  const readers = stack.map(({ open }) => open());
  const texts = readers.reduce<readonly string[]>(
    (inner, reader) => inner.flatMap((text) => unwrapped(text, reader, codec) ?? []),
    sample,
  );
  const hint = surroundings(texts, codec);
  if (hint !== undefined) throw new UsageError(hint);
}
