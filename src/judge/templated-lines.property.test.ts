import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clock, frames, seed, storedText, template } from "../../test/support/template-frames.ts";
import { type Ledger, storedIn } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { check } from "./check.ts";
import { observationFor } from "./observation.ts";

describe.each(Object.entries(frames))("lines of a template that are stored %s", (_, stored) => {
  const codec = new LineCodec(seed, clock, { template, stored });

  it("are counted exactly, whatever happens to them", () => {
    const ledger: Ledger = storedIn(stored, {
      schema: "everyline/ledger@1",
      ...{ seed, clock, line: { template } },
      sources: [{ source: "app-1", written: 40, marks: [] }],
    });
    const fates = fc.array(fc.constantFrom("kept", "kept", "lost", "twice", "changed", "cut", "returned"), {
      minLength: 40,
      maxLength: 40,
    });
    fc.assert(
      fc.property(fates, (fates) => {
        const observation = observationFor(ledger);
        const stores = (text: string) => observation.add(storedText(stored, text));
        stores(codec.encode("app-1", 0));
        for (const [index, fate] of fates.entries()) {
          const text = codec.encode("app-1", index + 1);
          if (fate === "kept" || fate === "twice") stores(text);
          if (fate === "twice") stores(text);
          if (fate === "changed") stores(text.replace("Test log", "Test log "));
          if (fate === "cut") stores(text.slice(0, -4));
          if (fate === "returned") stores(`${text}\r`);
        }
        // What is around a line and not of the load may be different for each.
        const amidst = stored.isForeign ? "returned" : "none";
        const count = (...kinds: string[]) => fates.filter((fate) => kinds.includes(fate)).length;
        expect(check(ledger, observation).counts).toMatchObject({
          written: 40,
          delivered: count("kept", "twice", amidst),
          lost: count("lost", "changed", "cut", "returned") - count(amidst),
          duplicated: count("twice"),
          corrupted: count("changed", "returned") - count(amidst),
          truncated: count("cut"),
          ...{ merged: 0, unexpected: 0, reordered: 0 },
        });
        expect(observation.otherwise.lines).toBe(count(amidst));
      }),
    );
  });
});
