import fc from "fast-check";
import { expect, it } from "vitest";
import { slicesOf } from "./time-slices.ts";

it("slices a range without a gap or an overlap", () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 19n),
      fc.bigInt(1n, 10n ** 15n),
      fc.integer({ min: 0, max: 500 }),
      (startNs, length, count) => {
        const slices = slicesOf({ startNs, endNs: startNs + length }, count);
        expect(slices).toHaveLength(Math.max(1, count));
        expect(slices[0]!.startNs).toBe(startNs);
        expect(slices.at(-1)!.endNs).toBe(startNs + length);
        for (const [index, slice] of slices.slice(1).entries())
          expect(slice.startNs).toBe(slices[index]!.endNs);
      },
    ),
  );
});
