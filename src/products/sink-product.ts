import type { IngesterProduct } from "./ingester-product.ts";
import type { SinkConfiguration } from "./sink-demands.ts";

/** What is known in advance about a program that serves as a sink, in any pipeline. */
export interface SinkProduct {
  name: string;
  /** Its default port in its container. */
  port: number;
  /** Matches image references that are probably this program. */
  image: RegExp;
  /** Matches the last part of the repository of images that are certainly this program. */
  imageName: RegExp;
  /**
   * Matches the command line of a container that runs the program, also if a shell or an init process starts it. A host or a folder of the
   * same name does not match.
   */
  program: RegExp;
  /** Matches the path that a shipper's push URL has in addition to the program's address. */
  apiPath: RegExp;
  /** Match the names of folders and files in which it stores its data. */
  data: { folder: RegExp; file: RegExp };
  /** The name of the metric that carries its version as a label. */
  buildInfo: string;
  /** Absent where nothing has to be known of its configuration. */
  configuration?: SinkConfiguration;
  /** Absent where its ingesters keep no write-ahead log that is known. */
  ingester?: IngesterProduct;
}
