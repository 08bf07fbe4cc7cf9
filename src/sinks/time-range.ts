/** A time range as queries take it: Unix nanoseconds, the start inclusive, the end exclusive. */
export interface TimeRange {
  startNs: bigint;
  endNs: bigint;
}
