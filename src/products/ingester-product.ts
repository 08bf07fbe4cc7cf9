/** What is known of a sink's ingesters, which hold lines in memory and in a write-ahead log until they write them to the store. */
export interface IngesterProduct {
  /** The names of their counters in `/metrics`, each counted since the ingester started. */
  counters: {
    /** How often a record could not be logged because the disk was full. */
    walDiskFull: string;
    walRecordsLogged: string;
    /** Entries that were replayed from the write-ahead log at the start. */
    walRecoveredEntries: string;
    /** Corruptions that were found in the write-ahead log at the start. */
    walCorruptions: string;
    /** Chunks that were written to the store. */
    chunksFlushed: string;
  };
}
