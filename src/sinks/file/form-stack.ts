import { UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { beginsLine, byBearing } from "./forms/bearing.ts";
import type { FormReader } from "./forms/form.ts";
import { lineForms } from "./forms/line-forms.ts";
import { surroundings } from "./surroundings.ts";

/** How many forms may stand within each other: Docker's JSON in a container runtime's file in logcli's JSON lines, for instance. */
const maxNested = 4;
/** How many times as many lines a form must explain as stand there raw: one damaged line among raw ones makes no form. */
const rawOutweighs = 4;
/** A form is one that at least every eighth text of a sample is in: one damaged text that happens to look like a form makes none. */
const fewestInForm = 8;
/** How many damaged texts of a sample, and which part of it, may look as if they were in a form that takes more off. */
const [damagedTexts, damagedPart] = [2, 16];

/** What is inside of a text; undefined if it is not of the form, as no line of ours is that begins as they do. */
export function unwrapped(text: string, form: FormReader, codec: LineCodec): readonly string[] | undefined {
  if (beginsLine(text, codec)) return undefined;
  const inner = form.unwrap(text);
  return typeof inner === "string" ? [inner] : inner;
}

/** One of the forms that stand within each other. */
export interface Layer {
  open: () => FormReader;
}

/** How well texts are explained: whole lines first, then those that at least begin as lines do. */
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
 * The forms that lines stand in, the outermost first: those that lead to the most whole lines.
 *
 * @param sample texts of an export, most of which bear lines of the run
 * @returns none where the texts are lines already
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

/** Between forms: what takes more off also explains texts that have been damaged at their beginning. */
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
 * Refuses texts of which each has something around its line that no form takes off.
 *
 * @throws UsageError with the command that takes it off
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
