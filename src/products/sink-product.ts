import type { IngesterProduct } from "./ingester-product.ts";
import { loki } from "./loki.ts";
import { lokiIngester } from "./loki-ingester.ts";

/** What is known about a program in which lines end up, in any pipeline, without asking it. */
export interface SinkProduct {
  name: string;
  /** Where it answers in its container unless told otherwise. */
  port: number;
  /** Image references that are likely to be of it. */
  image: RegExp;
  /** The last parts of the repositories of images that certainly are. */
  imageName: RegExp;
  /** The command line of a container in which it runs, also where a shell or an init starts it; a host or a folder of its name is none. */
  program: RegExp;
  /** What shippers have in the URL that they push to and the program's own address has not. */
  apiPath: RegExp;
  /** The names of folders and files in which it stores its data. */
  data: { folder: RegExp; file: RegExp };
  /** The metric that has its version as a label. */
  buildInfo: string;
  ingester: IngesterProduct;
}

const byKind: Readonly<Record<string, SinkProduct>> = { loki };

export const sinkProducts: readonly SinkProduct[] = Object.values(byKind);

/** Of the kind of sink that a pipeline names; undefined where nothing is known of it but what it answers. */
export function sinkProductOf(kind: string): SinkProduct | undefined {
  return byKind[kind];
}

/** The only ingesters whose write-ahead log is known; faults that act on one are not possible with another sink. */
export const knownIngester: IngesterProduct = lokiIngester;
