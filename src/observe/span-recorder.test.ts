import { expect, it } from "vitest";
import { maxSpans } from "../judge/track.ts";
import { SpanRecorder } from "./span-recorder.ts";

it("joins what goes on, and tells states apart that follow each other", () => {
  const recorder = new SpanRecorder();
  for (const [at, label] of [
    [1, undefined],
    [2, "503"],
    [3, "503"],
    [5, "no answer"],
    [8, undefined],
    [9, undefined],
    [10, "503"],
  ] as const)
    recorder.note(at, label);
  expect(recorder.end()).toEqual({
    spans: [
      { fromMs: 2, toMs: 5, label: "503" },
      { fromMs: 5, toMs: 8, label: "no answer" },
      { fromMs: 10, toMs: 10, label: "503" },
    ],
    omitted: 0,
  });
});

it("keeps to its size, and counts what is beyond it", () => {
  const recorder = new SpanRecorder();
  for (let at = 0; at < 2 * maxSpans + 10; at++) recorder.note(at, at % 2 === 0 ? "503" : undefined);
  const { spans, omitted } = recorder.end();
  expect(spans).toHaveLength(maxSpans);
  expect(omitted).toBe(5);
});
