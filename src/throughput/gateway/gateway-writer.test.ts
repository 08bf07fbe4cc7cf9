import fc from "fast-check";
import { expect, it } from "vitest";
import { sharesOf } from "./gateway-writer.ts";

it("splits sources over threads: all of them, in their order, and evenly", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 16 }), fc.nat(20), (sources, most) => {
      const shares = sharesOf(sources, most);
      expect(shares.flat()).toEqual(sources);
      expect(shares).toHaveLength(Math.max(1, Math.min(sources.length, most)));
      const lengths = shares.map(({ length }) => length);
      expect(Math.min(...lengths)).toBeGreaterThan(0);
      expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    }),
  );
});
