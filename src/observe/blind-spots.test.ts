import { expect, it } from "vitest";
import { BlindSpots } from "./blind-spots.ts";

const prometheus = { what: "prometheus", set: null, name: null } as const;
const rule = { what: "rule", set: "one", name: "A" } as const;
const refused = { code: "no-answer", message: "refused" } as const;

it("reaches from the last moment at which all was well to the next", () => {
  const spots = new BlindSpots(0);
  spots.well(1_000, prometheus);
  spots.well(2_000, prometheus);
  spots.trouble(3_000, { ...prometheus, problem: refused });
  spots.trouble(4_000, { ...prometheus, problem: refused });
  spots.well(5_000, prometheus);
  spots.well(6_000, prometheus);
  expect(spots.list).toEqual([{ ...prometheus, fromMs: 2_000, toMs: 5_000, problem: refused }]);
});

it("reaches from the beginning where it was never well, and to the last trouble where it is not well again", () => {
  const spots = new BlindSpots(500);
  spots.trouble(3_000, { ...prometheus, problem: refused });
  spots.trouble(4_000, { ...prometheus, problem: refused });
  expect(spots.list).toMatchObject([{ fromMs: 500, toMs: 4_000 }]);
});

it("keeps subjects apart, and times of one subject that are apart", () => {
  const spots = new BlindSpots(0);
  spots.trouble(1_000, { ...rule, problem: refused });
  spots.well(2_000, prometheus);
  spots.well(2_000, rule);
  spots.trouble(3_000, { ...rule, problem: refused });
  expect(spots.list.map(({ what, fromMs, toMs }) => [what, fromMs, toMs])).toEqual([
    ["rule", 0, 2_000],
    ["rule", 2_000, 3_000],
  ]);
});

it("lists a limited number of times, the last of which reaches over those that are not listed", () => {
  const spots = new BlindSpots(0);
  for (let ms = 0; ms < 10_000; ms += 2) {
    spots.well(ms, prometheus);
    spots.trouble(ms + 1, { ...prometheus, problem: refused });
  }
  expect(spots.list).toHaveLength(200);
  expect(spots.list.at(-1)).toMatchObject({ toMs: 9_999 });
});
