import { UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { noWrapping } from "../../load/matcher/wrapping.ts";
import { CsvRecords } from "./csv.ts";
import { type CsvShape, csvShape } from "./csv-shape.ts";
import { entriesIn, severalForms, withoutEntry } from "./document-entries.ts";
import { documentLinesReader } from "./document-lines.ts";
import type { ExportReader, ExportTarget } from "./export-target.ts";
import { beginsLine, hasRawLine } from "./forms/bearing.ts";
import type { DocumentForm } from "./forms/document-form.ts";
import { documentForms } from "./forms/document-forms.ts";
import { type JsonFlaw, JsonValues, maxValueBytes } from "./json-values.ts";
import { LineSplitter } from "./line-splitter.ts";
import { markStripper } from "./mark-stripper.ts";
import { Unwrapper } from "./unwrapper.ts";
import { WrappingLearner } from "./wrapping-learner.ts";

/** How many bytes of an export are inspected to distinguish lines, CSV and documents. */
export const headBytes = 65_536;

/** @param head the first `headBytes` of the export, or all of it */
export function exportReader(head: Buffer, target: ExportTarget): ExportReader {
  const start = head.toString("utf8").replace(/^\uFEFF/, "");
  const document = documentForms.find(({ begins }) => begins.test(start.trimStart()));
  // Raw lines with a document before them are no document: between its values blanks and line breaks mean nothing.
  if (document !== undefined && !hasRawLine(start, target.codec)) {
    const { opening } = document;
    return opening !== undefined && start.trimStart().startsWith(opening)
      ? documentLinesReader(document, opening, target)
      : documentReader(document, target);
  }
  if (document !== undefined && hasEscapedLine(start, target.codec))
    throw severalForms(target.path, document.name, "raw lines");
  const csv = csvShape(start, target.codec);
  if (csv !== undefined) return csvReader(csv, target);
  return lineReader(target);
}

function lineReader({ codec, onLine }: ExportTarget): ExportReader {
  const learner = new WrappingLearner(codec);
  const unwrapper = new Unwrapper(codec, onLine, true, learner.offer);
  const splitter = new LineSplitter((text) => unwrapper.push(text));
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      splitter.end();
      unwrapper.end();
    },
    get forms() {
      return unwrapper.forms;
    },
    get wrappings() {
      return unwrapper.isOfRawLines ? [noWrapping] : learner.wrappings;
    },
    get oversizedLines() {
      return splitter.oversizedLines;
    },
  };
}

function documentReader(document: DocumentForm, { path, codec, onLine }: ExportTarget): ExportReader {
  const unwrapper = new Unwrapper(codec, onLine);
  let entries = 0;
  const values = new JsonValues(
    (text) => {
      if (beginsLine(text, codec)) throw severalForms(path, document.name, "raw lines");
      for (const entry of entriesIn(text, path, codec)) {
        entries++;
        unwrapper.push(entry);
      }
    },
    (text) => {
      // A byte order mark in front of a document was added by an editor or PowerShell.
      if (text !== "\uFEFF") unwrapper.push(text);
    },
    (flaw) => {
      throw new UsageError(flawText(flaw, document.name, path));
    },
  );
  const withoutMark = markStripper();
  return {
    push: (chunk) => values.push(withoutMark(chunk)),
    end() {
      values.end();
      if (entries === 0) throw withoutEntry(path, document.name);
      unwrapper.end();
    },
    get forms() {
      return [document.name, ...unwrapper.forms];
    },
    oversizedLines: 0,
  };
}

function flawText(flaw: JsonFlaw, name: string, path: string): string {
  if (flaw === "too large") {
    return (
      `expected at most ${maxValueBytes / 1_048_576} MiB in one JSON value, found more in ${path} (${name}); take the lines out first, as in: ` +
      "jq -r '.data.result[].values[][1]' FILE | everyline verify --ledger LEDGER - (an array of Explore's: jq -r '.[].line'; OTLP: jq -r '.resourceLogs[].scopeLogs[].logRecords[].body.stringValue')"
    );
  }
  return `${path} begins as ${name}, but is not complete (${flaw}): nothing is known of the rest. Export it again.`;
}

/** A line in a template of the user's has no quotes of its own, so nothing shows whether they were escaped. */
const hasEscapedLine = (start: string, { seed, marks, written }: LineCodec) =>
  written === undefined && start.includes(JSON.stringify(`${marks.head}${seed}/`).slice(1, -1));

function csvReader({ separator, column, rowsBefore, name }: CsvShape, target: ExportTarget): ExportReader {
  const unwrapper = new Unwrapper(target.codec, target.onLine);
  let rows = 0;
  const records = new CsvRecords(separator, (fields) => {
    if (++rows > rowsBefore) unwrapper.push(fields[column] ?? fields.join(separator));
  });
  const withoutMark = markStripper();
  return {
    push: (chunk) => records.push(withoutMark(chunk)),
    end() {
      records.end();
      unwrapper.end();
    },
    get forms() {
      return [name, ...unwrapper.forms];
    },
    get oversizedLines() {
      return records.oversized;
    },
  };
}
