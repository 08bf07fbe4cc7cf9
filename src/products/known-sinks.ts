import type { IngesterProduct } from "./ingester-product.ts";
import { loki } from "./loki.ts";
import { lokiIngester } from "./loki-ingester.ts";
import type { SinkProduct } from "./sink-product.ts";

const byKind: Readonly<Record<string, SinkProduct>> = { loki };

export const sinkProducts: readonly SinkProduct[] = Object.values(byKind);

/** What is known of a kind of sink; undefined if there is no description of it. */
export function sinkProductOf(kind: string): SinkProduct | undefined {
  return byKind[kind];
}

/** The only ingesters whose write-ahead log is known. Faults that act on a write-ahead log are possible only with these. */
export const knownIngester: IngesterProduct = lokiIngester;
