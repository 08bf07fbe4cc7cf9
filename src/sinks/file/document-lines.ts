import { entriesIn, severalForms, withoutEntry } from "./document-entries.ts";
import type { ExportReader, ExportTarget } from "./export-target.ts";
import { beginsLine } from "./forms/bearing.ts";
import type { DocumentForm } from "./forms/document-form.ts";
import { maxValueBytes } from "./json-values.ts";
import { LineSplitter } from "./line-splitter.ts";
import { markStripper } from "./mark-stripper.ts";
import { Unwrapper } from "./unwrapper.ts";

/** How a document that is indented goes on after its first line, which is a bracket alone. */
const indented = /^\s+["{[]/;

/**
 * Reads documents that were appended to a file, each on a line of its own or right behind the one before. What a crash left of one is one
 * damaged text, as whoever reads the file document by document finds it, even if whole lines stand in it; the documents behind it are read.
 *
 * @param opening how each begins
 */
export function documentLinesReader(
  document: DocumentForm,
  opening: string,
  { path, codec, onLine }: ExportTarget,
): ExportReader {
  const unwrapper = new Unwrapper(codec, onLine);
  let texts = 0;
  let isBracketBefore = false;
  const take = (text: string) => {
    texts++;
    unwrapper.push(text);
  };
  const splitter = new LineSplitter((line) => {
    if (/^\s*$/.test(line)) return;
    if (beginsLine(line, codec)) throw severalForms(path, document.name, "raw lines");
    if (isBracketBefore && indented.test(line)) throw severalForms(path, document.name, "indented documents");
    isBracketBefore = /^[{[]\s*$/.test(line);
    for (const part of partsOf(line, opening)) entriesIn(part, path, codec).forEach(take);
  }, maxValueBytes);
  const withoutMark = markStripper();
  return {
    push: (chunk) => splitter.push(withoutMark(chunk)),
    end() {
      splitter.end();
      if (texts === 0) throw withoutEntry(path, document.name);
      unwrapper.end();
    },
    get forms() {
      return [document.name, ...unwrapper.forms];
    },
    get oversizedLines() {
      return splitter.oversizedLines;
    },
  };
}

/** What stands on a line, cut before each beginning of a document. */
function partsOf(line: string, opening: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let next = line.indexOf(opening, 1); next !== -1; next = line.indexOf(opening, next + 1)) {
    parts.push(line.slice(start, next));
    start = next;
  }
  parts.push(line.slice(start));
  return parts;
}
