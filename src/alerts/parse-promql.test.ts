import { describe, expect, it } from "vitest";
import { parsePromql } from "./parse-promql.ts";

describe("parsePromql", () => {
  it("reads a selector with its matchers, whatever the quotes", () => {
    expect(parsePromql(`up{job="a", env!~'b.*'}`).node).toEqual({
      kind: "selector",
      metric: "up",
      matchers: [
        { label: "job", op: "=", value: "a" },
        { label: "env", op: "!~", value: "b.*" },
      ],
    });
    expect(parsePromql('{__name__="up"}').node).toMatchObject({ metric: "up", matchers: [] });
    expect(parsePromql('{"up"}').node).toMatchObject({ metric: "up" });
  });

  it("reads an offset as that of the selector before it, not of the whole", () => {
    expect(parsePromql("a - b offset 5m > 0").node).toMatchObject({
      op: ">",
      left: {
        op: "-",
        left: { metric: "a" },
        right: { kind: "offset", of: { metric: "b" }, by: { ms: 300_000 } },
      },
    });
  });

  it("keeps the ranks of operators around offsets, ranges and signs", () => {
    expect(parsePromql("a or b offset 5m > 0").node).toMatchObject({
      op: "or",
      right: { op: ">", left: { kind: "offset", of: { metric: "b" } } },
    });
    expect(parsePromql("a * b offset 5m ^ c @ 1 ^ 2 - d").node).toMatchObject({
      op: "-",
      left: {
        op: "*",
        right: { op: "^", left: { kind: "offset" }, right: { op: "^", left: { kind: "at" } } },
      },
    });
    expect(parsePromql("-a + b").node).toMatchObject({
      op: "+",
      left: { kind: "unary", of: { metric: "a" } },
    });
    expect(parsePromql("(a - b) offset 5m").node).toMatchObject({ kind: "offset", of: { op: "-" } });
    expect(parsePromql("a - b - c").node).toMatchObject({ left: { op: "-" }, right: { metric: "c" } });
  });

  it("binds a comparison closer than and, or and unless", () => {
    expect(parsePromql("a > 0 unless b and on (x) c == 1 or d").node).toMatchObject({
      op: "or",
      left: { op: "and", left: { op: "unless", left: { op: ">" } }, matching: { on: true, labels: ["x"] } },
    });
  });

  it("reads subqueries, ranges in seconds, negative offsets and aggregations", () => {
    expect(parsePromql("max_over_time(sum by (job) (a)[1h:30s])").node).toMatchObject({
      kind: "call",
      name: "max_over_time",
      args: [
        { kind: "subquery", range: { ms: 3_600_000 }, step: { ms: 30_000 }, of: { op: "sum", by: ["job"] } },
      ],
    });
    expect(parsePromql("rate(a[300])").node).toMatchObject({ args: [{ range: { ms: 300_000 } }] });
    expect(parsePromql("a offset -1h30m").node).toMatchObject({ by: { ms: -5_400_000 } });
    expect(parsePromql("sum without (le, job) (a)").node).toMatchObject({
      without: ["le", "job"],
      by: undefined,
    });
    expect(parsePromql("a[5m * 2]").node).toMatchObject({ range: { ms: undefined } });
  });

  it("reads many-to-one matching with the labels it brings along", () => {
    expect(parsePromql("a * on (x) group_left (y) b").node).toMatchObject({
      matching: { on: true, labels: ["x"], group: "left", include: ["y"] },
    });
    expect(parsePromql("a > on (x) group_right () b").node).toMatchObject({
      matching: { group: "right", include: [] },
    });
  });

  it("reads numbers, signs and durations that stand for seconds", () => {
    expect(parsePromql("-1.5e3").node).toEqual({ kind: "number", value: -1_500 });
    expect(parsePromql("1_000").node).toEqual({ kind: "number", value: 1_000 });
    expect(parsePromql("5m").node).toEqual({ kind: "number", value: 300 });
    expect(parsePromql("0").node).toEqual({ kind: "number", value: 0 });
    expect(parsePromql("-Inf").node).toEqual({ kind: "number", value: Number.NEGATIVE_INFINITY });
  });

  it.each([
    ["a > 10MB", 6],
    ["sum(a", 5],
    ["", 0],
    ["a >", 3],
  ])("says where %j does not fit", (text, at) => {
    expect(parsePromql(text).error).toEqual({ at });
  });
});
