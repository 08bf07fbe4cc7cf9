import type { IngesterProduct } from "./ingester-product.ts";

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
  /** Absent where its ingesters keep no write-ahead log that is known. */
  ingester?: IngesterProduct;
}
