import { loki } from "./loki.ts";
import type { SinkProduct } from "./sink-product.ts";

const byKind: Readonly<Record<string, SinkProduct>> = { loki };

export const sinkProducts: readonly SinkProduct[] = Object.values(byKind);

/** Of the kind of sink that a pipeline names; undefined where nothing is known of it but what it answers. */
export function sinkProductOf(kind: string): SinkProduct | undefined {
  return byKind[kind];
}
