import fc from "fast-check";
import { expect, it } from "vitest";
import { type Place, placeLosses } from "./place-losses.ts";

it("splits a range where its lines were lost in several places, and loses none of them", () => {
  const place = fc.constantFrom<Place>(
    { hop: "kafka" },
    { hop: "consumer", reason: "too_old" },
    { hop: "consumer" },
  );
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 50 }), (places) => {
      const placed = placeLosses(
        [{ source: "app-1", from: 1, to: places.length }],
        (_, sequence) => places[sequence - 1]!,
      );
      const lines = placed.flatMap(({ source: _, from, to, ...where }) =>
        Array.from({ length: to - from + 1 }, (_, index) => ({ sequence: from + index, where })),
      );
      expect(lines).toEqual(places.map((where, index) => ({ sequence: index + 1, where })));
      for (const [index, range] of placed.slice(1).entries())
        expect({ ...range, from: 0, to: 0 }).not.toEqual({ ...placed[index], from: 0, to: 0 });
    }),
  );
});

it("keeps sources and gaps apart", () => {
  const lost = [
    { source: "app-1", from: 1, to: 2 },
    { source: "app-1", from: 5, to: 5 },
    { source: "app-2", from: 6, to: 6 },
  ];
  expect(placeLosses(lost, () => ({ hop: "gateway" }))).toEqual(
    lost.map((range) => ({ ...range, hop: "gateway" })),
  );
});
