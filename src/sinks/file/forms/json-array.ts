import { UsageError } from "../../../base/errors.ts";
import type { LineCodec } from "../../../load/line.ts";
import { knownExports } from "../../known-exports.ts";
import type { DocumentForm } from "./document-form.ts";
import { otlpDocument } from "./otlp-json.ts";

/** One JSON array of all entries: Grafana Explore's download as JSON, `jq -s`, or answers put together. */
export const jsonArray: DocumentForm = {
  name: "a JSON array of entries (Grafana Explore's JSON)",
  begins: /^\[\s*(?:[{["]|\]|(?:null|true|false|-?\d+)\s*,)/,
  entriesOf(value, codec) {
    if (!Array.isArray(value)) return undefined;
    if (isPair(value)) return [value[1] as string];
    return value.flatMap((element, index) => elementOf(element, index, codec));
  },
};

/** A time and a line, as in a query_range answer: `jq -c '.data.result[].values[]'`. */
function isPair(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2) return false;
  const [time, line] = value as unknown[];
  return typeof time === "string" && /^\d{10,19}$/.test(time) && typeof line === "string";
}

function elementOf(element: unknown, index: number, codec: LineCodec): string[] {
  if (typeof element === "string") return [element];
  if (isPair(element)) return [(element as string[])[1]!];
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    throw new UsageError(
      `expected an array of entries, found ${JSON.stringify(element).slice(0, 40)} as its element ${index}; pass an array of objects or strings with a line in each.`,
    );
  }
  assertNotParsed(element, codec);
  for (const { entriesOf } of [...knownExports.flatMap(({ documents }) => documents), otlpDocument]) {
    const entries = entriesOf(element, codec);
    if (entries !== undefined) return entries;
  }
  return [JSON.stringify(element)];
}

/**
 * A line that was parsed and rewritten may have other bytes, so it cannot be determined whether it was intact.
 *
 * @throws UsageError if an object is a line of the run
 */
export function assertNotParsed(value: object, codec: LineCodec): void {
  const { id, end } = value as Record<string, unknown>;
  if (![id, end].some((name) => typeof name === "string" && codec.isBorneBy(name))) return;
  throw new UsageError(
    "expected the lines as they were written, found them parsed and written anew as objects of a larger document, so that their bytes cannot be compared; " +
      "pass the file that the document was made from, without jq.",
  );
}
