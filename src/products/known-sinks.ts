import { loki } from "./loki.ts";
import type { SinkProduct } from "./sink-product.ts";
import { victoriaLogs } from "./victoria-logs.ts";

const byKind: Readonly<Record<string, SinkProduct>> = { loki, victorialogs: victoriaLogs };

export const sinkProducts: readonly SinkProduct[] = Object.values(byKind);

/** What is known of a kind of sink; undefined if there is no description of it. */
export function sinkProductOf(kind: string): SinkProduct | undefined {
  return byKind[kind];
}
