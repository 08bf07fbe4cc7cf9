import type { Labels } from "../sink.ts";

/** A stream as the shipper sends it. Loki splits a busy stream into shards, which count as one stream here. */
export interface Stream {
  labels: Labels;
  /** The LogQL selector that matches this stream and no other. */
  selector: string;
}

/** Loki's own label of the shards of a stream (`limits_config.shard_streams`). */
const shardLabel = "__stream_shard__";

/**
 * The streams of some label sets, with shards combined. A selector also matches streams with additional labels, so each selector also
 * excludes the labels that only other streams have.
 */
export function streamsOf(series: Labels[]): Stream[] {
  const names = [...new Set(series.flatMap((labels) => Object.keys(withoutShard(labels))))].sort();
  const selectors = new Map(
    series.map((labels) => {
      const matchers = names.map((name) => `${name}=${JSON.stringify(labels[name] ?? "")}`);
      return [`{${matchers.join(", ")}}`, withoutShard(labels)];
    }),
  );
  return [...selectors].map(([selector, labels]) => ({ labels, selector }));
}

/** Labels sorted by name, because Loki returns the labels of a stream in varying order. */
export function withoutShard({ [shardLabel]: _, ...labels }: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort());
}

/** Whether two label sets are equal, so that they belong to the same stream. */
export function isSameLabels(one: Labels, other: Labels): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
