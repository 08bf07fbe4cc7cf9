import { describe, expect, it } from "vitest";
import { LineCodec } from "../../load/line.ts";
import { MarkCounter } from "./run-marks.ts";

const seed = "seed-1";
const codec = new LineCodec(seed, { epochMs: 0, linesPerSecond: 1 });
const lines = Array.from({ length: 40 }, (_, index) => codec.encode("app-1", index + 1));

function marksOf(text: string, chunkBytes = 65_536) {
  const counter = new MarkCounter(seed);
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += chunkBytes)
    counter.push(bytes.subarray(start, start + chunkBytes));
  return counter.endLines();
}

describe("marks of lines in bytes", () => {
  it.each([1, 7, 100, 1_023, 1_024, 1_025, 65_536])(
    "are counted once each, whatever chunks of %d bytes they come in",
    (bytes) => {
      expect(marksOf(lines.join("\n"), bytes)).toEqual({ heads: 40, tails: 40 });
    },
  );

  it.each(["0ed0dda2", "1", "a-b_c"])("are counted of whatever seed a run has: %s", (other) => {
    const counter = new MarkCounter(other);
    counter.pushText(new LineCodec(other, codec.clock).encode("app-1", 7));
    expect(counter.endAll()).toEqual({ heads: 1, tails: 1 });
  });

  it("are counted in whatever place base64 has them", () => {
    const texts = ["", "x", "xy"].map((before) => Buffer.from(before + lines[0]).toString("base64"));
    expect(marksOf(texts.join(" "))).toEqual({ heads: 3, tails: 3 });
  });

  it("are counted once where the fields of a line stand beside the line", () => {
    const records = lines.map((log) => JSON.stringify({ ...JSON.parse(log), log }));
    expect(marksOf(records.join("\n"))).toEqual({ heads: 40, tails: 40 });
  });

  it.each(["{line}", 'msg="{line}"', '{"message":"{line}","n":1}', "[{level}] {line}."])(
    "are counted once each in a template, whatever is around it and however it is spelt: %s",
    (template) => {
      const templated = new LineCodec(seed, codec.clock, { template });
      const texts = Array.from({ length: 40 }, (_, index) => templated.encode("app-1", index + 1));
      const spellings = [
        texts.join("\n"),
        texts.map((text) => JSON.stringify({ log: `${text}\n` })).join("\n"),
        JSON.stringify(texts.map((text) => JSON.stringify({ text }))),
        texts.map((text) => `"${text.replaceAll('"', '""')}"`).join("\n"),
        texts.map((text) => JSON.stringify({ message: [...Buffer.from(text)] })).join("\n"),
      ];
      for (const spelling of spellings)
        for (const chunkBytes of [7, 1_000, 65_536]) {
          const counter = new MarkCounter(seed, true);
          const bytes = Buffer.from(spelling);
          for (let start = 0; start < bytes.length; start += chunkBytes)
            counter.push(bytes.subarray(start, start + chunkBytes));
          expect(counter.endLines()).toEqual({ heads: 40, tails: 40 });
        }
    },
  );

  it("are none in lines of another run, in attributes, or in the name of a file", () => {
    const other = new LineCodec("seed-10", codec.clock).encode("app-1", 1);
    const attribute = JSON.stringify({ key: "id", value: { stringValue: "seed-1/app-1/1" } });
    expect(marksOf([other, attribute, "/logs/seed-1/app-1.log"].join("\n"))).toEqual({ heads: 0, tails: 0 });
  });
});
