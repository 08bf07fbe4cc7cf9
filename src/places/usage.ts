/**
 * The resource usage of one instance. Except for memory, figures are totals since its process started. Figures that a place does not
 * measure are absent.
 */
export interface Usage {
  /** When this was measured, in Unix milliseconds of this machine's clock. */
  atMs: number;
  /** CPU time in seconds. */
  cpuSeconds: number;
  /** Memory without the page cache that the kernel would reclaim first. */
  memoryBytes: number;
  diskReadBytes?: number | undefined;
  diskWrittenBytes?: number | undefined;
  receivedBytes?: number | undefined;
  sentBytes?: number | undefined;
}
