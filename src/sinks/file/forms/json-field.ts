import { UsageError } from "../../../base/errors.ts";
import type { LineCodec } from "../../../load/line.ts";
import { byBearing } from "./bearing.ts";
import type { LineForm } from "./form.ts";

/** The path of a string in a JSON value; `*` stands for every element of an array. */
type Path = readonly (string | number)[];

const everyElement = "*";
const maxDepth = 12;
const journalField = "MESSAGE";

/** Which program writes the line into which field, if known; other fields are read all the same. */
const writers: Record<string, string> = {
  line: "logcli or Grafana",
  log: "Docker's json-file or Fluent Bit",
  _entry: "Promtail's pack stage",
  MESSAGE: "journalctl -o json",
  payload: "kcat -J",
  "_source.message": "Elasticsearch",
};

/**
 * One JSON value in each text, with the line in one of its strings: logcli's, Docker's, journalctl's, kcat's, or any other's. The string is
 * found by the seed: it is the one that contains a line in most texts. Its value is the line, damaged or not.
 */
export const jsonField: LineForm = {
  readers(sample, codec) {
    const path = commonPath(sample, codec);
    if (path === undefined) return [];
    const field = path.join(".");
    const writer = writers[field];
    const name = `JSON with the line in ${JSON.stringify(field)}${writer === undefined ? "" : ` (${writer})`}`;
    const isJsonString = !path.includes(everyElement);
    return [() => ({ name, isJsonString, unwrap: (text) => textsAt(text, path, codec) })];
  },
};

/** A JSON object or array; undefined if the text is neither. */
export function parsedJson(text: string): unknown {
  if (!text.startsWith("{") && !text.startsWith("[")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function commonPath(sample: readonly string[], codec: LineCodec): Path | undefined {
  const bears = byBearing(codec);
  const votes = new Map<string, number>();
  for (const text of sample) {
    const paths = [...bearingPaths(parsedJson(text), bears, [])];
    // Several lines in one value are in an array: their paths differ only in its index.
    const all = paths.map((path) => path.map((step, depth) => stepOf(step, depth, paths)));
    for (const path of new Set(all.map((one) => JSON.stringify(one)))) {
      votes.set(path, (votes.get(path) ?? 0) + 1);
    }
  }
  const [most] = [...votes].sort(([, one], [, other]) => other - one);
  return most === undefined ? undefined : (JSON.parse(most[0]) as Path);
}

/** An index in which paths differ becomes `*`, for every element; the column of a data frame remains the one that has the lines. */
const stepOf = (step: string | number, depth: number, paths: readonly Path[]) =>
  typeof step === "number" && paths.some((path) => path[depth] !== step) ? everyElement : step;

function* bearingPaths(value: unknown, bears: (text: string) => boolean, path: Path): Generator<Path> {
  const text = textOf(value);
  if (text !== undefined) {
    if (bears(text) && path.length > 0) yield path;
  } else if (typeof value === "object" && value !== null && path.length < maxDepth) {
    const isArray = Array.isArray(value);
    for (const [key, inner] of Object.entries(value)) {
      yield* bearingPaths(inner, bears, [...path, isArray ? Number(key) : key]);
    }
  }
}

function textsAt(text: string, path: Path, codec: LineCodec): string | string[] | undefined {
  const value = parsedJson(text);
  if (value === undefined) return undefined;
  const texts = valuesAt(value, path).map((inner) => lineIn(inner, path));
  if (texts.some((inner) => inner === undefined) || texts.length === 0) return undefined;
  if (path.includes(everyElement)) return texts as string[];
  const [line] = texts as [string];
  return isOwnLine(value, line, codec) ? undefined : line;
}

function valuesAt(value: unknown, [step, ...rest]: Path): unknown[] {
  if (step === undefined) return [value];
  if (typeof value !== "object" || value === null) return [undefined];
  if (step === everyElement && Array.isArray(value)) return value.flatMap((inner) => valuesAt(inner, rest));
  return valuesAt((value as Record<string, unknown>)[step], rest);
}

function lineIn(value: unknown, path: Path): string | undefined {
  const field = path.at(-1);
  if (value === null && field === journalField) throw new UsageError(journalHint);
  const text = textOf(value);
  // Docker and Fluent Bit keep the newline that ended the line; in any other field it would be part of the line.
  return field === "log" && text?.endsWith("\n") ? text.slice(0, -1) : text;
}

/** What to do if journalctl has left messages out. */
export const journalHint =
  "expected lines, found null as MESSAGE: the export has no lines in it, since journalctl leaves long messages out. Export again with: journalctl -o json --all";

/** A string, or the array of its bytes, which journalctl writes if a character is not printable. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const isBytes = Array.isArray(value) && value.length > 0 && value.every(isByte);
  return isBytes ? Buffer.from(value).toString("utf8") : undefined;
}

const isByte = (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256;

/** A damaged line of the run is also an object with a string in `message`, but it has the seed outside of that string. */
function isOwnLine(value: unknown, line: string, codec: LineCodec): boolean {
  if (codec.isBorneBy(line)) return false;
  return Object.values(value as object).some((inner) => typeof inner === "string" && codec.isBorneBy(inner));
}
