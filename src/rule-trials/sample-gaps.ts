/** A time in Unix milliseconds. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/**
 * The times in which a Prometheus read nothing: those between two readings that are further apart than `mostMs`. The beginning and the end of
 * the span count as readings.
 *
 * @param readAtMs when anything was read, in any order
 */
export function sampleGaps(readAtMs: readonly number[], { fromMs, toMs }: Span, mostMs: number): Span[] {
  const within = readAtMs.filter((atMs) => atMs > fromMs && atMs < toMs).sort((one, other) => one - other);
  const moments = [fromMs, ...within, toMs];
  return moments.slice(1).flatMap((atMs, index) => {
    const beforeMs = moments[index]!;
    return atMs - beforeMs > mostMs ? [{ fromMs: beforeMs, toMs: atMs }] : [];
  });
}

/** Whether anything was read in a span, or so shortly before that it still counted when the span began. */
export function hasSamples(readAtMs: readonly number[], { fromMs, toMs }: Span, mostMs: number): boolean {
  return readAtMs.some((atMs) => atMs >= fromMs - mostMs && atMs <= toMs);
}
