import type { IngesterProduct } from "./ingester-product.ts";

/** The counters of Loki's ingesters for their write-ahead log and for chunks written to the store. */
export const lokiIngester: IngesterProduct = {
  counters: {
    walDiskFull: "loki_ingester_wal_disk_full_failures_total",
    walRecordsLogged: "loki_ingester_wal_records_logged_total",
    walRecoveredEntries: "loki_ingester_wal_recovered_entries_total",
    walCorruptions: "loki_ingester_wal_corruptions_total",
    chunksFlushed: "loki_ingester_chunks_flushed_total",
  },
};
