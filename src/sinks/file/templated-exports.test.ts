import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batches,
  damage,
  damaged,
  docker,
  type Form,
  json,
  pretty,
  raw,
  rows,
  time,
} from "../../../test/support/verified-export.ts";
import { check } from "../../judge/check.ts";
import { ExportObservation } from "../../judge/export-observation.ts";
import { observationFor } from "../../judge/observation.ts";
import { type Ledger, storedIn } from "../../load/ledger.ts";
import { LineCodec } from "../../load/line.ts";
import { bareFrame, frameOf } from "../../load/line-frame.ts";
import { readExportBytes } from "./observed-lines.ts";
import { MarkCounter } from "./run-marks.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const seed = "seed-1";
const names = ["app-1", "app-10"];
const written = 30;

function ledgerOf(template: string): Ledger {
  const sources = names.map((source) => ({ source, written, marks: [] }));
  return { schema: "everyline/ledger@1", seed, clock, line: { template }, sources };
}

/** The texts that a pipeline has left of all lines. */
function textsOf(template: string, stored: "whole" | "bare"): string[] {
  const codec = new LineCodec(seed, clock, { template });
  return names.flatMap((source) =>
    Array.from({ length: written }, (_, index) =>
      stored === "whole" ? codec.encode(source, index + 1) : codec.bare(source, index + 1),
    ),
  );
}

async function verified(ledger: Ledger, content: string | Buffer) {
  const observed = new ExportObservation(ledger);
  const [bytes, texts] = [new MarkCounter(seed, true), new MarkCounter(seed, true)];
  const read = await readExportBytes(Readable.from([Buffer.from(content)]), "export", observed.codec, {
    onBytes: (chunk) => bytes.push(chunk),
    onLine(text) {
      texts.pushText(text);
      observed.add(text);
    },
  });
  const { counts } = check(ledger, observed.best);
  return { counts, read, inBytes: bytes.endLines(), inTexts: texts.endAll() };
}

const templates = {
  JSON: '{"ts":"{time}","level":"{level}","msg":"{line}"}',
  "JSON with a field that exporters use": '{"message":"{line}","log":{"level":"{level}"}}',
  logfmt: 'ts={time} level={level} msg="{line}"',
  "plain text": "{time} [main] {level} com.shop.Checkout - {line}",
  "in brackets": "[{level}] {line}",
  "the line alone": "{line}",
};
const forms: Record<string, Form> = {
  raw,
  "Docker's json-file": json(docker),
  "JSON of others": json((text, index) => ({ at: index, record: { attributes: { n: 1 }, body: text } })),
  "docker compose logs": rows((text) => `shop-1  | ${text}`),
  "times before": rows((text) => `${time} ${text}`),
  "a JSON array": (texts) => pretty(texts.map((line) => ({ line }))),
  "the Collector's OTLP JSON": (texts) =>
    batches(texts)
      .map((batch) => batch.map((text) => ({ body: { stringValue: text }, attributes: [] })))
      .map((logRecords) => `${JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })}\n`)
      .join(""),
  "Fluent Bit's file output": rows((text, index) => `app: [${index}.5, ${JSON.stringify({ log: text })}]`),
  CSV: (texts) => ["Time,Line", ...texts.map((text) => `${time},"${text.replaceAll('"', '""')}"`)].join("\n"),
};

describe.each(Object.entries(templates))("lines written as %s", (_, template) => {
  const ledger = ledgerOf(template);

  describe.each(Object.entries(forms))("and exported as %s", (_, form) => {
    it.each(["whole", "bare"] as const)(
      "are all there where they are stored %s, and one is lost where one is missing",
      async (stored) => {
        const texts = textsOf(template, stored);
        expect((await verified(ledger, form(texts))).counts).toMatchObject({
          delivered: 60,
          lost: 0,
          unexpected: 0,
        });
        for (const missing of [0, 41]) {
          const { counts, inBytes, inTexts } = await verified(ledger, form(texts.toSpliced(missing, 1)));
          expect(counts).toMatchObject({ lost: 1, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
          expect(inTexts).toEqual({ heads: 59, tails: 59 });
          expect(inBytes).toEqual({ heads: 59, tails: 59 });
        }
      },
    );

    it.each(["whole", "bare"] as const)(
      "come to the counts of the stored texts where those are %s, however damaged",
      async (stored) => {
        const observation = () =>
          observationFor(storedIn(stored === "whole" ? frameOf(template) : bareFrame, ledger));
        await fc.assert(
          fc.asyncProperty(fc.array(damage, { maxLength: 8 }), async (damages) => {
            const texts = damaged(textsOf(template, stored), damages);
            const expected = observation();
            for (const text of texts) expected.add(text);
            const { counts, read } = await verified(ledger, form(texts));
            expect({ counts, lines: read.lines }).toEqual({
              counts: check(ledger, expected).counts,
              lines: texts.length,
            });
          }),
          { numRuns: 4 },
        );
      },
    );
  });
});

it("knows the frame in which the run has seen the lines", async () => {
  const ledger = storedIn(
    { before: ["level=info "], after: [""], isForeign: true },
    ledgerOf(templates.JSON),
  );
  const texts = textsOf(templates.JSON, "bare").map((line) => `level=info ${line}`);
  const { counts } = await verified(ledger, raw(texts.toSpliced(3, 1)));
  expect(counts).toMatchObject({ delivered: 59, lost: 1, corrupted: 0, unexpected: 0 });
});

it.each([
  ["logfmt", "level="],
  ["plain text", "[main]"],
] as const)(
  "takes the time of an export off a line in %s that has lost what was before %s, also its own time",
  async (name, rest) => {
    const template = templates[name];
    const texts = textsOf(template, "whole");
    const beheaded = texts.with(58, texts[58]!.slice(texts[58]!.indexOf(rest)));
    const { counts } = await verified(ledgerOf(template), forms["times before"]!(beheaded));
    expect(counts).toMatchObject({ delivered: 59, lost: 1, truncated: 1, corrupted: 0 });
  },
);
