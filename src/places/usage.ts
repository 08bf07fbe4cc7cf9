/**
 * The resource usage of one instance. Except for both kinds of memory, descriptors and stored bytes, figures are totals since its process started. Figures that a place does not
 * measure are absent.
 */
export interface Usage {
  /** When this was measured, in Unix milliseconds of this machine's clock. */
  atMs: number;
  /** CPU time in seconds. */
  cpuSeconds: number;
  /** Memory without the page cache that the kernel would reclaim first. */
  memoryBytes: number;
  /** Memory that is no file's, which the kernel cannot take back: heaps and stacks. */
  ownMemoryBytes?: number | undefined;
  diskReadBytes?: number | undefined;
  diskWrittenBytes?: number | undefined;
  receivedBytes?: number | undefined;
  sentBytes?: number | undefined;
  /** The files, sockets and the like that its processes have open. */
  openDescriptors?: number | undefined;
  /** The disk space of what it has written and not deleted: its volumes, and changes of its image's files. May be some seconds old. */
  storedBytes?: number | undefined;
}
