/** A time range of a query, in Unix nanoseconds; the start is inclusive, the end exclusive. */
export interface TimeRange {
  startNs: bigint;
  endNs: bigint;
}
