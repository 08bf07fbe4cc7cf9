import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templates } from "../../test/support/templates.ts";
import { UsageError } from "../base/errors.ts";
import { flawInTemplate } from "../pipeline/line-template.ts";
import { LineCodec } from "./line.ts";
import { endsBefore, framed, frameOf, lengthBefore } from "./line-frame.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };

describe("a line in a template", () => {
  it("is what replacing the placeholders one by one gives", () => {
    fc.assert(
      fc.property(templates, fc.nat(1_000_000), (template, sequence) => {
        expect(flawInTemplate(template)).toBeUndefined();
        const codec = new LineCodec("seed-1", clock, { template });
        const line = codec.bare("app-1", sequence);
        const time = codec.timeOf(sequence);
        const replaced = template
          .split(/(\{line\}|\{time\}|\{level\})/)
          .map((part) =>
            part === "{line}" ? line : part === "{time}" ? time : part === "{level}" ? "info" : part,
          )
          .join("");
        expect(codec.encode("app-1", sequence)).toBe(replaced);
        expect(codec.encodeWritten("app-1", sequence)).toBe(replaced);
        const frame = frameOf(template);
        expect(framed(frame, line, time)).toBe(replaced);
        expect(replaced.startsWith(line, lengthBefore(frame))).toBe(true);
        for (let length = 0; length <= lengthBefore(frame); length++)
          expect(endsBefore(frame, replaced.slice(lengthBefore(frame) - length, lengthBefore(frame)))).toBe(
            true,
          );
        expect(endsBefore(frame, `x${replaced.slice(0, lengthBefore(frame))}`)).toBe(false);
      }),
    );
  });

  it("has no character that JSON, logfmt or HTML escapes, and others of several bytes", () => {
    const codec = new LineCodec("seed-1", clock, { template: "{line}" });
    const lines = Array.from({ length: 10_000 }, (_, index) => codec.encode("app-1", index + 1));
    for (const line of lines) {
      expect(JSON.stringify(line)).toBe(`"${line}"`);
      expect(line).not.toMatch(/["'\\<>&\p{C}\u2028\u2029]/u);
    }
    for (const part of ["ü", "東", "🚀"]) expect(lines.some((line) => line.includes(part))).toBe(true);
    expect(lines[6]).toMatchInlineSnapshot(
      `"id=seed-1/app-1/7 Test log 7 sent token a+b end=seed-1/app-1/7"`,
    );
  });

  it("is refused where the template is not valid", () => {
    expect(() => frameOf("{host}")).toThrow(UsageError);
    expect(() => new LineCodec("seed-1", clock, { template: "no line" })).toThrow(
      /expected \{line\} exactly once/,
    );
  });
});
