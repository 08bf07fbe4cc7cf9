import { UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { documentForms } from "./forms/document-forms.ts";

/**
 * The content of each entry of a document, or of the JSON of one entry.
 *
 * @throws UsageError if it is neither
 */
export function entriesIn(text: string, path: string, codec: LineCodec): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A damaged line of the run may no longer be JSON.
    if (!text.includes("\n")) return [text];
    throw new UsageError(
      `expected JSON in ${path}, found text that looks like it and is not; export it again.`,
    );
  }
  for (const { entriesOf } of documentForms.slice(0, -1)) {
    const entries = entriesOf(value, codec);
    if (entries !== undefined) return entries;
  }
  // On a line of its own it stays as it is, to the byte.
  return text.includes("\n") ? (documentForms.at(-1)!.entriesOf(value, codec) ?? []) : [text];
}

/** What is wrong with an export that has lines in two forms. */
export function severalForms(path: string, one: string, other: string): UsageError {
  return new UsageError(
    `expected lines in one form, found ${one} and ${other} in ${path}; make a file of each and pass them one after the other.`,
  );
}

/** What is wrong with an export of documents that hold nothing. */
export function withoutEntry(path: string, name: string): UsageError {
  return new UsageError(
    `expected lines, found ${name} without any entry in ${path}; ask for the time and the labels of the lines, and export again.`,
  );
}
