import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineCodec } from "../../load/line.ts";
import { rawLineOf } from "./envelope.ts";

const codec = new LineCodec("seed-1", { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 });
const line = codec.encode("app-1", 7);

const envelopes: Record<string, (raw: string) => unknown> = {
  "logcli's": (raw) => ({ labels: { job: "seed-1/app-1" }, line: raw, timestamp: "2026-01-01T00:00:00Z" }),
  "Docker's": (raw) => ({ log: `${raw}\n`, stream: "stdout", time: "2026-01-01T00:00:00Z" }),
  "OpenTelemetry's": (raw) => ({ timestamp: 1, body: raw, attributes: {} }),
  "Datadog's": (raw) => ({ id: "AQAAAZ", content: raw }),
  "Splunk's": (raw) => ({ _raw: raw, source: "app" }),
  "a logger's": (raw) => ({ id: "1", time: "now", level: "info", line: "main.go:7", message: raw }),
};

describe("rawLineOf", () => {
  it.each(Object.entries(envelopes))("takes the raw line out of %s envelope", (_, wrap) => {
    for (const raw of [line, line.slice(0, 60), line.slice(60), `${line}\r`, line + line]) {
      expect(rawLineOf(JSON.stringify(wrap(raw)), codec)).toBe(raw);
    }
  });

  it("takes foreign and empty lines out too", () => {
    for (const raw of ["", "alien", "a\nb"]) {
      expect(rawLineOf(JSON.stringify(envelopes["logcli's"]!(raw)), codec)).toBe(raw);
      expect(rawLineOf(JSON.stringify(envelopes["Docker's"]!(raw)), codec)).toBe(raw);
    }
  });

  it("reads escapes as any JSON encoder may write them", () => {
    const escaped = JSON.stringify(line)
      .replaceAll("/", "\\/")
      .replaceAll('\\"', "\\u0022")
      .replaceAll("é", "\\u00e9");
    expect(rawLineOf(`{"line":${escaped}}`, codec)).toBe(line);
  });

  it("leaves an own line as it is, however it is damaged", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: 1, max: 500 }),
        (place, mask, sequence) => {
          const bytes = Buffer.from(codec.encode("app-1", sequence));
          bytes[place % bytes.length]! ^= mask;
          const damaged = bytes.toString("utf8");
          expect(rawLineOf(damaged, codec)).toBe(damaged);
          const piece = damaged.slice(place % damaged.length);
          expect(rawLineOf(piece, codec)).toBe(piece);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("leaves a text as it is that is no envelope", () => {
    for (const text of ["", "alien", "{", "{}", '{"line":7}', "[1]", "null", '"line"', '{"other":"text"}']) {
      expect(rawLineOf(text, codec)).toBe(text);
    }
    const cutEnvelope = JSON.stringify(envelopes["logcli's"]!(line)).slice(0, -1);
    expect(rawLineOf(cutEnvelope, codec)).toBe(cutEnvelope);
  });
});
