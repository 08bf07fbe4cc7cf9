import type { LineCodec } from "../../load/line.ts";
import { CsvRecords } from "./csv.ts";
import { beginsLine, byBearing, hasRawLine } from "./forms/bearing.ts";

/** Where the lines are in a CSV file. */
export interface CsvShape {
  separator: string;
  /** The index of the column with the lines; the first is 0. */
  column: number;
  /** Rows without a line: the `sep=` row and the row of column names. */
  rowsBefore: number;
  name: string;
}

const lineColumns = ["line", "body", "message", "_raw", "log", "content", "msg", "@message", "textpayload"];
const separators = [",", ";", "\t"];
const separatorLine = /^sep=(.)\r?\n/;

/**
 * Detects whether an export is CSV, and where the lines are in it.
 *
 * @param start of the export, without a byte order mark
 * @returns undefined if it is not CSV, or has no column of lines
 */
export function csvShape(start: string, codec: LineCodec): CsvShape | undefined {
  if (hasRawLine(start, codec)) return undefined;
  const [mark = "", told] = separatorLine.exec(start) ?? [];
  const bears = byBearing(codec);
  const lineStart = `${codec.marks.head}${codec.seed}/`;
  // A line of the run contains quotes, which are doubled in a field of CSV. One in a template of the user's may contain none.
  const isDoubled = codec.written !== undefined || start.includes(`"${lineStart.replaceAll('"', '""')}`);
  for (const separator of told === undefined ? separators : [told]) {
    const records = firstRecords(start.slice(mark.length), separator);
    const [header] = records;
    if (header === undefined || header.length === 0) continue;
    const hasHeader = isNames(header) && !header.some(bears);
    const named = hasHeader ? columnNamed(header, start) : undefined;
    const column = isDoubled ? (columnOfLines(records, codec) ?? (codec.written && named)) : named;
    if (column === undefined) continue;
    const title = hasHeader ? `column ${JSON.stringify(header[column] ?? "")}` : `column ${column + 1}`;
    const rowsBefore = (mark === "" ? 0 : 1) + (hasHeader ? 1 : 0);
    return { separator, column, rowsBefore, name: `CSV, ${title}` };
  }
  return undefined;
}

/** The column in which most texts begin as lines of the run do; undefined if none does. */
function columnOfLines(records: readonly string[][], codec: LineCodec): number | undefined {
  const columns = records.flatMap((record) =>
    record.flatMap((field, column) => (beginsLine(field, codec) ? column : [])),
  );
  const votes = Map.groupBy(columns, (column) => column);
  return [...votes].sort(([, one], [, other]) => other.length - one.length)[0]?.[0];
}

/** The column whose name suggests lines, in a file with a row of names. */
function columnNamed(header: readonly string[], start: string): number | undefined {
  const column = header.findIndex((name) => lineColumns.includes(name.trim().toLowerCase()));
  return column !== -1 && (header.length > 1 || start.startsWith('"')) ? column : undefined;
}

/** Whether a record may be the row of names: all different, and none a number. */
function isNames(header: readonly string[]): boolean {
  return (
    header.every((name) => /^(?!\d*$)[\w@. -]{1,64}$/.test(name)) && new Set(header).size === header.length
  );
}

function firstRecords(text: string, separator: string): string[][] {
  const records: string[][] = [];
  const parser = new CsvRecords(separator, (record) => void records.push(record));
  parser.push(Buffer.from(text));
  return records;
}
