/** The eight metrics of the reference architecture under its names, and the job whose part has each; the first six are in both options. */
export const documentedMetrics = {
  promtail_sent_entries_total: "promtail",
  promtail_read_bytes_total: "promtail",
  promtail_file_bytes_total: "promtail",
  loki_distributor_bytes_received_total: "loki",
  loki_ingester_chunks_flushed_total: "loki",
  // A histogram, whose series have suffixes.
  loki_request_duration_seconds_bucket: "loki",
  kafka_consumergroup_lag: "kafka-metrics",
  kafka_topic_partition_current_offset: "kafka-metrics",
} as const;
