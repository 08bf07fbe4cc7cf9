import { describe, expect, it } from "vitest";
import { firstRise, targetsShowing } from "./loss-signals.ts";
import type { SampledSeries } from "./prometheus/prometheus-answers.ts";

const target = { job: "shipper", instance: "shipper:9080" };

function series(
  samples: [second: number, value: number][],
  labels: Record<string, string> = {},
): SampledSeries {
  return {
    labels: { ...target, ...labels },
    samples: samples.map(([second, value]) => ({ atMs: second * 1_000, value })),
  };
}

const always = series([1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => [second, 1]));

describe("the first rise of a count", () => {
  it("is none where it stays as it was", () => {
    const still = series([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(firstRise([still], [always], 0)).toBeUndefined();
    expect(firstRise([], [always], 0)).toBeUndefined();
  });

  it("lies between two readings", () => {
    const rising = series([
      [1, 0],
      [2, 0],
      [3, 5],
      [4, 9],
    ]);
    expect(firstRise([rising], [always], 0)).toEqual({ notBeforeMs: 2_000, seenAtMs: 3_000 });
  });

  it("is the birth of a counter that is born above 0, after the last reading without it", () => {
    expect(firstRise([series([[6, 3]])], [always], 0)).toEqual({ notBeforeMs: 5_000, seenAtMs: 6_000 });
  });

  it("may lie anywhere in the time in which its target did not answer", () => {
    const gone = series([
      [1, 1],
      [2, 1],
      [3, 0],
      [4, 0],
      [5, 1],
    ]);
    const rising = series([
      [2, 0],
      [5, 1],
    ]);
    expect(firstRise([rising], [gone], 0)).toEqual({ notBeforeMs: 2_000, seenAtMs: 5_000 });
  });

  it("is also the count of a new process that counts from 0 again", () => {
    const restarted = series([
      [1, 9],
      [2, 9],
      [3, 0],
      [4, 2],
    ]);
    expect(firstRise([restarted], [always], 2_500)).toEqual({ notBeforeMs: 3_000, seenAtMs: 4_000 });
  });

  it("is the first of several series", () => {
    const one = series([[7, 1]], { reason: "late" });
    const other = series([[4, 1]], { reason: "early" });
    expect(firstRise([one, other], [always], 0)).toMatchObject({ seenAtMs: 4_000 });
  });

  it("does not count before a moment, at which the count may be anything", () => {
    const rising = series([
      [1, 3],
      [2, 4],
      [6, 4],
      [7, 5],
    ]);
    expect(firstRise([rising], [always], 5_000)).toEqual({ notBeforeMs: 6_000, seenAtMs: 7_000 });
  });
});

it("counts the targets that have shown a metric before a moment, each once", () => {
  const other = { instance: "shipper-2:9080" };
  const shown = [series([[1, 1]]), series([[2, 1]], { path: "/logs" }), series([[3, 1]], other), series([])];
  expect(targetsShowing(shown, 2_999)).toBe(1);
  expect(targetsShowing(shown, 3_000)).toBe(2);
  expect(targetsShowing([], 3_000)).toBe(0);
});
