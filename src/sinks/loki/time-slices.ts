import type { TimeRange } from "../time-range.ts";

const nanosPerMs = 1_000_000n;

/** A number of equal slices of the expected range, with one more slice before and one after it for the rest of the range. */
export function slicesAround(range: TimeRange, expected: TimeRange, count: number): TimeRange[] {
  const startNs = within(range, expected.startNs);
  const endNs = within(range, expected.endNs);
  if (startNs >= endNs) return slicesOf(range, count);
  return [
    { startNs: range.startNs, endNs: startNs },
    ...slicesOf({ startNs, endNs }, count),
    { startNs: endNs, endNs: range.endNs },
  ].filter((slice) => slice.startNs < slice.endNs);
}

function within({ startNs, endNs }: TimeRange, ns: bigint): bigint {
  if (ns < startNs) return startNs;
  return ns > endNs ? endNs : ns;
}

/** Equal slices that cover a range without a gap. */
export function slicesOf({ startNs, endNs }: TimeRange, count: number): TimeRange[] {
  const slices = BigInt(Math.max(1, count));
  const borderAt = (index: bigint) => startNs + ((endNs - startNs) * index) / slices;
  return Array.from({ length: Number(slices) }, (_, index) => ({
    startNs: borderAt(BigInt(index)),
    endNs: borderAt(BigInt(index) + 1n),
  }));
}

/** The same slices with borders at whole milliseconds, of which some may coincide; the ends of the range stay what they are. */
export function atMilliseconds(slices: readonly TimeRange[]): TimeRange[] {
  const [first] = slices;
  if (first === undefined) return [];
  const ends = slices.map(({ endNs }, index) =>
    index === slices.length - 1 ? endNs : (endNs / nanosPerMs) * nanosPerMs,
  );
  return ends
    .map((endNs, index) => ({ startNs: index === 0 ? first.startNs : ends[index - 1]!, endNs }))
    .filter(({ startNs, endNs }) => startNs < endNs);
}
