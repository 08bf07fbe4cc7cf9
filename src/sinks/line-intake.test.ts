import fc from "fast-check";
import { expect, it } from "vitest";
import { check } from "../judge/check.ts";
import { observationFor } from "../judge/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { codecFor } from "../load/line.ts";
import { LineIntake } from "./line-intake.ts";

const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed-1",
  clock: { epochMs: 1_764_322_000_000, linesPerSecond: 1_000 },
  sources: ["app-1", "app-2"].map((source) => ({ source, written: 40, marks: [] })),
};
const templated = { ...ledger, line: { template: "now {line} end" } };

const entry = fc.record({
  source: fc.constantFrom("app-1", "app-2", "app-9"),
  sequence: fc.nat(45),
  edit: fc.constantFrom(
    (text: string) => text,
    (text: string) => text,
    (text: string) => text,
    (text: string) => text.slice(0, -3),
    (text: string) => `${text}\n`,
    (text: string) => `${text}\n${text}`,
    (text: string) => text.replace("Test", "Tset"),
    () => "",
  ),
  isText: fc.boolean(),
});

it.each([
  ["Everyline's own form", ledger],
  ["a template", templated],
])("takes bytes of lines in %s as an observation takes their texts", (_, ledger) => {
  const codec = codecFor(ledger);
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 120 }), fc.constantFrom(600, 5_000), (entries, blockBytes) => {
      const fast = observationFor(ledger);
      const slow = observationFor(ledger);
      const intake = new LineIntake(ledger, fast, blockBytes);
      for (const { source, sequence, edit, isText } of entries) {
        const text = edit(codec.encode(source, sequence));
        slow.add(text);
        if (isText) intake.addText(text);
        else intake.addBytes(Buffer.from(text));
      }
      intake.end();
      expect(check(ledger, fast)).toEqual(check(ledger, slow));
      expect(fast.samples).toEqual(slow.samples);
    }),
  );
});
