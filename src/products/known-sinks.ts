import type { IngesterProduct } from "./ingester-product.ts";
import { loki } from "./loki.ts";
import { lokiIngester } from "./loki-ingester.ts";
import type { SinkProduct } from "./sink-product.ts";
import { victoriaLogs } from "./victoria-logs.ts";

const byKind: Readonly<Record<string, SinkProduct>> = { loki, victorialogs: victoriaLogs };

export const sinkProducts: readonly SinkProduct[] = Object.values(byKind);

/** Of the kind of sink that a pipeline names; undefined where nothing is known of it but what it answers. */
export function sinkProductOf(kind: string): SinkProduct | undefined {
  return byKind[kind];
}

/** The only ingesters whose write-ahead log is known; faults that act on one are not possible with another sink. */
export const knownIngester: IngesterProduct = lokiIngester;
