import type { LineCodec } from "../../load/line.ts";

const somethingPrintable = /[^\p{Cc}\p{Cf}\p{Z}\uFFFD]/u;
/** The character before each value in a JSON text sequence (RFC 7464). */
const recordSeparator = "\u001e";
const maxShown = 60;
/** A single text does not show whether the format of the export or the pipeline has added something. */
const fewestTexts = 2;

/** Known ways in which tools rewrite lines, with the commands that undo them. */
const spellings: readonly { name: string; spell: (line: string) => string; undo: string }[] = [
  {
    name: "their quotes escaped as in JSON",
    spell: (line) => JSON.stringify(line).slice(1, -1),
    undo: `sed 's/^[^{]*/"/; s/[^}]*$/"/' FILE | jq -r .`,
  },
  {
    name: "their quotes and other characters escaped as in JSON",
    spell: (line) =>
      JSON.stringify(line)
        .slice(1, -1)
        .replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`),
    undo: `sed 's/^[^{]*/"/; s/[^}]*$/"/' FILE | jq -r .`,
  },
  {
    name: "their bytes escaped as Python shows them",
    spell: (line) =>
      Buffer.from(line)
        .toString("latin1")
        .replaceAll("\\", "\\\\")
        .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`),
    undo: `sed 's/^[^{]*//; s/[^}]*$//' FILE | python3 -c 'import sys; [sys.stdout.buffer.write(line.encode().decode("unicode_escape").encode("latin1")) for line in sys.stdin]'`,
  },
  {
    name: "their quotes written as numbers, as in HTML",
    spell: (line) =>
      line.replaceAll("&", "&amp;").replaceAll('"', "&#34;").replaceAll("<", "&lt;").replaceAll("+", "&#43;"),
    undo: "python3 -c 'import html, sys; [print(html.unescape(line), end=\"\") for line in sys.stdin]' < FILE",
  },
  {
    name: "their quotes written as in HTML",
    spell: (line) => line.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;"),
    undo: "python3 -c 'import html, sys; [print(html.unescape(line), end=\"\") for line in sys.stdin]' < FILE",
  },
  {
    name: "their quotes doubled as in CSV",
    spell: (line) => line.replaceAll('"', '""'),
    undo: `sed 's/^[^{]*//; s/[^}]*$//; s/""/"/g' FILE`,
  },
];

/** Characters that may replace a newline. */
const separators: readonly { name: string; character: string; escape: string }[] = [
  { name: "NULs", character: "\0", escape: "\\0" },
  { name: "carriage returns", character: "\r", escape: "\\r" },
  { name: "record separators", character: "\u001e", escape: "\\036" },
];

/**
 * Detects whether each text that should be a line has something around it or is written in another way: then the format of
 * the export is not known, and nothing can be said about the pipeline.
 *
 * @returns what to do about it; undefined if the texts are lines, whole or damaged
 */
export function surroundings(texts: readonly string[], codec: LineCodec): string | undefined {
  const bearing = texts.filter((text) => codec.isBorneBy(text));
  if (bearing.some((text) => codec.decode(text) !== undefined)) return undefined;
  const isMost = (test: (text: string) => boolean) => bearing.filter(test).length * 2 > bearing.length;
  const between = separators.find(({ character }) =>
    isMost((text) => text.split(character).filter((part) => codec.decode(part)).length >= fewestTexts),
  );
  if (between !== undefined) {
    return `expected lines, found ${between.name} between them instead of newlines; put newlines there first, as in: tr '${between.escape}' '\\n' < FILE ${again}`;
  }
  if (bearing.length < fewestTexts) return undefined;
  const spelt = spellings.find(({ spell }) =>
    isMost((text) => linesNamedIn(text, codec).some((line) => text.includes(spell(line)))),
  );
  if (spelt !== undefined && !isMost((text) => linesNamedIn(text, codec).some((line) => text.includes(line))))
    return `expected lines, found ${spelt.name}; undo it first, as in: ${spelt.undo} ${again}`;
  const around = bearing.flatMap((text) => aroundLine(text, codec) ?? []);
  return around.length * 2 > bearing.length ? aroundHint(around[0]!, codec) : undefined;
}

const again = "| everyline verify --ledger LEDGER -";

/** The original lines whose identities are in a text. */
export function linesNamedIn(text: string, codec: LineCodec): string[] {
  return codec
    .anchorsIn(text)
    .flatMap(({ identity }) =>
      identity === undefined ? [] : codec.encode(identity.source, identity.sequence),
    );
}

interface Around {
  before: string;
  behind: string;
}

function aroundLine(text: string, codec: LineCodec): Around | undefined {
  for (const line of linesNamedIn(text, codec)) {
    const start = text.indexOf(line);
    if (start === -1) continue;
    const around = { before: text.slice(0, start), behind: text.slice(start + line.length) };
    const more = around.before + around.behind;
    // Pieces of other lines are not a format: two lines of the run were merged somewhere.
    return (somethingPrintable.test(more) || around.before === recordSeparator) &&
      !codec.isBorneBy(around.before) &&
      !codec.isBorneBy(around.behind)
      ? around
      : undefined;
  }
  return undefined;
}

function aroundHint({ before, behind }: Around, { seed, marks, written }: LineCodec): string {
  const shown = (text: string) => JSON.stringify(text.slice(0, maxShown));
  const tailPattern = written === undefined ? `"end":"${seed}\\/[^"]*"}` : `end=${seed}\\/[A-Za-z0-9_.\\/-]*`;
  const [place, takeOff] =
    before === ""
      ? [`behind each line, as ${shown(behind)}`, `s/\\(${tailPattern}\\).*/\\1/`]
      : [`before each line, as ${shown(before)}`, `s/^.*${marks.head}${seed}\\//${marks.head}${seed}\\//`];
  return `expected lines, found texts with something ${place}, in a form that is not known; take it off first, as in: sed '${takeOff}' FILE ${again}`;
}
