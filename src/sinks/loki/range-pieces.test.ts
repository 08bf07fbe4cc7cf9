import fc from "fast-check";
import { expect, it } from "vitest";
import { piecesOf } from "./range-pieces.ts";

it("cuts a range into pieces no longer than allowed, without a gap or an overlap", () => {
  const length = fc.bigInt(1n, 10n ** 10n);
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 19n),
      length,
      fc.integer({ min: 1, max: 10 ** 6 }),
      (startNs, ns, ms) => {
        const pieces = piecesOf({ startNs, endNs: startNs + ns }, ms);
        expect(pieces[0]!.startNs).toBe(startNs);
        expect(pieces.at(-1)!.endNs).toBe(startNs + ns);
        for (const [index, piece] of pieces.entries()) {
          expect(piece.endNs - piece.startNs).toBeLessThanOrEqual(BigInt(ms) * 1_000_000n);
          expect(piece.endNs).toBe(pieces[index + 1]?.startNs ?? startNs + ns);
        }
      },
    ),
  );
  expect(piecesOf({ startNs: 0n, endNs: 10n }, undefined)).toEqual([{ startNs: 0n, endNs: 10n }]);
});
