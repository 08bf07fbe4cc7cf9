import { headMark, type LineCodec } from "../load/line.ts";

const somethingPrintable = /[^\p{Cc}\p{Cf}\p{Z}\uFFFD]/u;
const maxShown = 60;
/** One text alone does not tell whether the form of the export or the pipeline has put something there. */
const fewestTexts = 2;

/**
 * Finds out whether texts that should be lines have something around them, each of them: then the form of the export is not known, and
 * nothing can be said of the pipeline.
 *
 * @returns what to do about it; undefined if the texts are lines, whole or damaged
 */
export function surroundings(texts: readonly string[], codec: LineCodec): string | undefined {
  const bearing = texts.filter((text) => codec.isBorneBy(text));
  if (bearing.length < fewestTexts || bearing.some((text) => codec.decode(text) !== undefined))
    return undefined;
  const escaped = bearing.filter((text) => isWhole(unescaped(text), codec));
  if (escaped.length * 2 > bearing.length) return escapedHint(escaped[0]!);
  const around = bearing.flatMap((text) => aroundLine(text, codec) ?? []);
  return around.length * 2 > bearing.length ? aroundHint(around[0]!, codec) : undefined;
}

interface Around {
  before: string;
  behind: string;
}

function aroundLine(text: string, codec: LineCodec): Around | undefined {
  for (const { identity } of codec.anchorsIn(text)) {
    if (identity === undefined) continue;
    const line = codec.encode(identity.source, identity.sequence);
    const start = text.indexOf(line);
    if (start === -1) continue;
    const around = { before: text.slice(0, start), behind: text.slice(start + line.length) };
    const more = around.before + around.behind;
    // Pieces of other lines are no form: two lines of ours have met, wherever that happened.
    return somethingPrintable.test(more) && !codec.isBorneBy(around.before) && !codec.isBorneBy(around.behind)
      ? around
      : undefined;
  }
  return undefined;
}

function aroundHint({ before, behind }: Around, { seed }: LineCodec): string {
  const shown = (text: string) => JSON.stringify(text.slice(0, maxShown));
  const [place, takeOff] =
    before === ""
      ? [`behind each line, as ${shown(behind)}`, `s/\\("end":"${seed}\\/[^"]*"}\\).*/\\1/`]
      : [`before each line, as ${shown(before)}`, `s/^.*${headMark}${seed}\\//${headMark}${seed}\\//`];
  return `expected lines, found texts with something ${place}, in a form that is not known; take it off first, as in: sed '${takeOff}' FILE | everyline verify --ledger LEDGER -`;
}

function escapedHint(text: string): string {
  return (
    `expected lines, found their quotes escaped, as in ${JSON.stringify(text.slice(0, maxShown))}; undo it first, as in: ` +
    `sed 's/^/"/; s/$/"/' FILE | jq -r . | everyline verify --ledger LEDGER -`
  );
}

const isWhole = (text: string | undefined, codec: LineCodec) =>
  text !== undefined && codec.decode(text) !== undefined;

function unescaped(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return undefined;
  }
}
