import { expect, it } from "vitest";
import { maxPoints } from "../judge/track.ts";
import { SeriesRecorder } from "./series-recorder.ts";

function recorded(moments: number[], most?: number) {
  const recorder = new SeriesRecorder<number>(most);
  for (const at of moments) recorder.add(at, at);
  return recorder.list().map(({ at }) => at);
}

const every = (stepMs: number, count: number) => Array.from({ length: count }, (_, index) => index * stepMs);

it("keeps every sample of a short run that was taken no more often than ten times a second", () => {
  expect(recorded([0, 130, 260, 1_000])).toEqual([0, 130, 260, 1_000]);
});

it("keeps to its size however long a run is, with the latest sample, spread evenly", () => {
  for (const count of [maxPoints, maxPoints + 1, 10_000, 123_457]) {
    const moments = every(107, count);
    const kept = recorded(moments);
    expect(kept.length).toBeLessThanOrEqual(maxPoints);
    expect(kept.length).toBeGreaterThan(maxPoints / 4);
    expect(kept.at(-1)).toBe(moments.at(-1));
    const steps = kept.slice(1, -1).map((at, index) => at - kept[index]!);
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * Math.min(...steps));
  }
});

it("keeps samples of two recorders near to each other, even if one was given twenty times as many", () => {
  const often = recorded(every(107, 40_000));
  const seldom = recorded(every(2_003, 2_137));
  for (const at of seldom)
    expect(Math.min(...often.map((other) => Math.abs(other - at)))).toBeLessThan(2_100);
  expect(seldom.length).toBeGreaterThan(maxPoints / 4);
});

it("takes a clock that was set back as standing still", () => {
  expect(recorded([1_000, 700, 1_200])).toEqual([1_000, 1_200]);
  const recorder = new SeriesRecorder<string>();
  for (const [at, value] of [
    [1_000, "before"],
    [700, "set back"],
  ] as const)
    recorder.add(at, value);
  expect(recorder.list()).toEqual([{ at: 1_000, values: "set back" }]);
});

it("keeps as few samples as it is told to", () => {
  expect(recorded(every(1_000, 1_000), 10).length).toBeLessThanOrEqual(10);
});
