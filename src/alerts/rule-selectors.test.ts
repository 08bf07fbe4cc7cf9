import { expect, it } from "vitest";
import { risingSelectorsOf, selectorsOf } from "./rule-selectors.ts";

it("finds each selector once, with its matchers", () => {
  expect(selectorsOf('up{job="a"} == 0 or absent(up{job="a"}) or sum by (x) (b{c=~"d|e",f!=""})')).toEqual([
    'up{job="a"}',
    'b{c=~"d|e",f!=""}',
  ]);
});

it("quotes names that stand in no expression by themselves", () => {
  expect(selectorsOf('{"http.requests", job="a"} > 0 or {"up"} == 0')).toEqual([
    '{"http.requests",job="a"}',
    "up",
  ]);
});

it("tells those of which nothing but the rise is looked at", () => {
  expect(risingSelectorsOf('sum(rate(c_total{x="1"}[1m])) / d')).toEqual(['c_total{x="1"}']);
  expect(risingSelectorsOf("increase(a_total[5m]) > 0 or (a_total unless a_total offset 5m)")).toEqual([]);
  expect(risingSelectorsOf("increase(a_total[5m]) > 0 and rate(a_total[1m]) > 0")).toEqual(["a_total"]);
});

it("finds none in what is no expression", () => {
  expect([selectorsOf("up > 10MB"), risingSelectorsOf("rate(")]).toEqual([[], []]);
});
