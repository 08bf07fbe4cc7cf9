import { Readable } from "node:stream";
import fc from "fast-check";
import { check } from "../../src/judge/check.ts";
import type { Counts } from "../../src/judge/counts.ts";
import { observationFor } from "../../src/judge/observation.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import { LineCodec } from "../../src/load/line.ts";
import { type ReadExport, readExportBytes } from "../../src/sinks/file/observed-lines.ts";
import { MarkCounter, type RunMarks } from "../../src/sinks/file/run-marks.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
/** 30 lines of each of two sources, one of whose names begins with the other. */
export const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed-1",
  clock,
  sources: ["app-1", "app-10"].map((source) => ({ source, written: 30, marks: [] })),
};
const codec = new LineCodec(ledger.seed, clock);

/** Their text, as it was written. */
export const whole = ledger.sources.flatMap(({ source, written }) =>
  Array.from({ length: written }, (_, index) => codec.encode(source, index + 1)),
);

/** What a file comes to: the counts of its lines, how they were read, and the marks of lines in its bytes and in the texts read from it. */
export async function verified(
  content: string | Buffer,
): Promise<{ counts: Counts; read: ReadExport; inBytes: RunMarks; inTexts: RunMarks }> {
  const observation = observationFor(ledger);
  const [bytes, texts] = [new MarkCounter(ledger.seed), new MarkCounter(ledger.seed)];
  const read = await readExportBytes(Readable.from([Buffer.from(content)]), "export", observation.codec, {
    onBytes: (chunk) => bytes.push(chunk),
    onLine(text) {
      texts.pushText(text);
      observation.add(text);
    },
  });
  const { counts } = check(ledger, observation);
  return { counts, read, inBytes: bytes.endLines(), inTexts: texts.endAll() };
}

/** A way to export lines. */
export type Form = (texts: string[]) => string | Buffer;

/** A line of text for each line. */
export const rows =
  (row: (text: string, index: number) => string): Form =>
  (texts) =>
    texts.map((text, index) => `${row(text, index)}\n`).join("");

/** A line of JSON for each line. */
export const json = (value: (text: string, index: number) => unknown) =>
  rows((text, index) => JSON.stringify(value(text, index)));

export const ns = (index: number) => `${1_767_225_600_000_000_000n + BigInt(index)}`;
export const time = "2026-01-01T00:00:00.000000001Z";
export const raw = rows((text) => text);
/** The lines in several parts. */
export const batches = (texts: string[]) =>
  Array.from({ length: Math.ceil(texts.length / 7) }, (_, index) => texts.slice(index * 7, index * 7 + 7));
/** A line as Docker stores it. */
export const docker = (text: string) => ({ log: `${text}\n`, stream: "stdout", time });
export const pretty = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

const place = fc.nat({ max: 999 });
/** Something that may happen to a line of many. */
export const damage = fc.oneof(
  fc.record({
    kind: fc.constantFrom("lose", "repeat", "merge", "return", "colour", "wrapped", "foreign", "empty"),
    at: place,
  }),
  fc.record({ kind: fc.constantFrom("cut", "behead", "corrupt", "insert"), at: place, within: place }),
);

/** The lines after all that has happened to them, in this order. */
export function damaged(texts: string[], damages: { kind: string; at: number; within?: number }[]): string[] {
  const result = [...texts];
  for (const { kind, at, within = 0 } of damages) {
    const index = at % result.length;
    const text = result[index]!;
    const characters = [...text];
    const cut = within % Math.max(1, characters.length);
    const part = (from: number, to?: number) => characters.slice(from, to).join("");
    if (kind === "lose") result.splice(index, 1);
    else if (kind === "repeat") result.splice(index, 0, text);
    else if (kind === "merge") result.splice(index, 2, text + (result[index + 1] ?? ""));
    else if (kind === "return") result[index] = `${text}\r`;
    else if (kind === "colour") result[index] = `\u001b[0m${text}`;
    else if (kind === "wrapped") result[index] = `${time} stdout F ${text}`;
    else if (kind === "foreign") result.splice(index, 0, 'GET /index.html 200, "nothing" of ours');
    else if (kind === "empty") result.splice(index, 0, "");
    else if (kind === "cut") result[index] = part(0, cut + 1);
    else if (kind === "behead") result[index] = part(cut);
    else if (kind === "corrupt") result[index] = `${part(0, cut)}#${part(cut + 1)}`;
    else result[index] = `${part(0, cut)}é${part(cut)}`;
  }
  return result;
}
