import { expect, it } from "vitest";
import { maxSamples } from "../judge/timeline-document.ts";
import { TimelineRecorder } from "./timeline-recorder.ts";

function recorded(count: number): ReturnType<TimelineRecorder["list"]> {
  const recorder = new TimelineRecorder();
  for (let at = 1; at <= count; at++) recorder.add({ at, written: at, readable: 0 });
  return recorder.list();
}

it("keeps every sample of a short run", () => {
  expect(recorded(5).map(({ at }) => at)).toEqual([1, 2, 3, 4, 5]);
});

it("keeps to its size however long a run is, with the latest sample, spread evenly", () => {
  for (const count of [maxSamples - 1, maxSamples, 10_000, 123_457]) {
    const samples = recorded(count);
    expect(samples.length).toBeLessThanOrEqual(maxSamples);
    expect(samples.length).toBeGreaterThan(maxSamples / 4);
    expect(samples.at(-1)!.at).toBe(count);
    const steps = new Set(samples.slice(1, -1).map(({ at }, index) => at - samples[index]!.at));
    expect(steps.size).toBe(1);
  }
});

it("takes a clock that was set back as standing still", () => {
  const recorder = new TimelineRecorder();
  for (const at of [10, 7, 12]) recorder.add({ at, written: 0, readable: 0 });
  expect(recorder.list().map(({ at }) => at)).toEqual([10, 10, 12]);
});
