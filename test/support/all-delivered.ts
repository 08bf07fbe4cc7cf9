import { expect } from "vitest";
import type { RunDocument } from "../../src/judge/run-document.ts";

interface Counts {
  written: number;
  delivered: number;
  lost: number;
}

/**
 * Every line was delivered, and at least as many were written as planned: where a fault takes longer than planned, as on a busy
 * machine, the load goes on until the fault is over.
 *
 * @param planned lines
 */
export function expectAllDelivered(counts: Counts, planned: number): void {
  expectWritten(counts, planned);
  expect(counts).toMatchObject({ delivered: counts.written, lost: 0 });
}

/** At least as many lines were written as planned; see {@link expectAllDelivered}. */
export function expectWritten({ written }: Pick<Counts, "written">, planned: number): void {
  expect(written).toBeGreaterThanOrEqual(planned);
}

/** At least 300 lines were written; of those, the ones whose number ends in 7 are lost, and no others. */
export function expectEndingInSevenLost({ counts, lost }: Pick<RunDocument, "counts" | "lost">): void {
  expectWritten(counts, 300);
  expect(counts.lost).toBeGreaterThanOrEqual(30);
  expect(counts.delivered).toBe(counts.written - counts.lost);
  expect(lost.map(({ from, to }) => [from % 10, to - from])).toEqual(lost.map(() => [7, 0]));
}
