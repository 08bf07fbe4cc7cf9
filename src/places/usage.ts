/**
 * What one instance uses of its machine. All but memory are totals since its process started; what a place does not count is absent.
 */
export interface Usage {
  /** When this was measured, in Unix milliseconds of this machine's clock. */
  atMs: number;
  /** Seconds of one processor. */
  cpuSeconds: number;
  /** Without copies of files that the kernel would give up first. */
  memoryBytes: number;
  diskReadBytes?: number | undefined;
  diskWrittenBytes?: number | undefined;
  receivedBytes?: number | undefined;
  sentBytes?: number | undefined;
}
