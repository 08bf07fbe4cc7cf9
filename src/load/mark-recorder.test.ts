import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writtenAtMs } from "./ledger.ts";
import { MarkRecorder, maxMarks } from "./mark-recorder.ts";

describe("MarkRecorder", () => {
  it("keeps every mark while there is room", () => {
    const recorder = new MarkRecorder();
    recorder.add(0, 1_000);
    recorder.add(5, 1_100);
    expect(recorder.list()).toEqual([
      [0, 1_000],
      [5, 1_100],
    ]);
  });

  it("stays within its bound, keeps the first and the latest, and spaces the others evenly", () => {
    for (const count of [maxMarks - 2, maxMarks - 1, maxMarks, maxMarks + 1, 3 * maxMarks, 100_000]) {
      const recorder = new MarkRecorder();
      for (let sequence = 0; sequence <= count; sequence++) recorder.add(sequence, sequence * 10);
      const marks = recorder.list();
      expect(marks.length).toBeLessThanOrEqual(maxMarks);
      expect(marks.length).toBeGreaterThan(maxMarks / 2 - 2);
      expect(marks[0]).toEqual([0, 0]);
      expect(marks.at(-1)).toEqual([count, count * 10]);
      const distances = marks.slice(1, -1).map(([sequence], index) => sequence - marks[index]![0]);
      expect(new Set(distances).size).toBe(1);
    }
  });

  it("never dates a line before its write returned, and at most one distance of marks too late", () => {
    const steps = fc.array(
      fc.record({ lines: fc.integer({ min: 0, max: 50 }), ms: fc.integer({ min: 0, max: 30 }) }),
      {
        minLength: 1,
        maxLength: 6_000,
        size: "max",
      },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const recorder = new MarkRecorder();
        const truthMs: number[] = [0];
        let now = 1_000;
        recorder.add(0, now);
        for (const { lines, ms } of taken) {
          now += ms;
          for (let line = 0; line < lines; line++) truthMs.push(now);
          recorder.add(truthMs.length - 1, now);
        }
        const marks = recorder.list();
        const source = { source: "a", written: truthMs.length - 1, marks };
        const longestMs = Math.max(0, ...marks.slice(1).map(([, atMs], index) => atMs - marks[index]![1]));
        for (let sequence = 1; sequence < truthMs.length; sequence += 97) {
          const atMs = writtenAtMs(source, sequence)!;
          expect(atMs).toBeGreaterThanOrEqual(truthMs[sequence]!);
          expect(atMs - truthMs[sequence]!).toBeLessThanOrEqual(longestMs);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("treats a clock that was set back as standing still, and refuses sequences that go back", () => {
    const recorder = new MarkRecorder();
    recorder.add(5, 1_000);
    recorder.add(6, 900);
    expect(recorder.list()).toEqual([
      [5, 1_000],
      [6, 1_000],
    ]);
    expect(() => recorder.add(5, 2_000)).toThrow(RangeError);
  });
});
