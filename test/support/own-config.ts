import type { OwnConfig } from "../../src/pipeline/own-config.ts";
import type { ServedSink } from "../../src/pipeline/own-sink.ts";
import { type SinkKind, sinkName } from "../../src/pipeline/sink-kind.ts";
import type { SinkProduct } from "../../src/products/sink-product.ts";

const kind = "victorialogs" satisfies SinkKind;

/** What is known of its program is made up, so that a test holds for any sink: its images are called `store`, its API is below `/api`. */
const exampleStore: SinkProduct = {
  name: sinkName(kind),
  port: 3_100,
  image: /(^|\/|-)store(:|@|$)/,
  imageName: /^example-store$/,
  program: /^store(\s|$)/,
  apiPath: /\/(?:api(?:\/.*)?)?$/,
  data: { folder: /^chunks$/, file: /^seed\.json$/ },
  buildInfo: "store_build_info",
  ingester: {
    counters: {
      walDiskFull: "store_wal_disk_full_total",
      walRecordsLogged: "store_wal_records_logged_total",
      walRecoveredEntries: "store_wal_recovered_entries_total",
      walCorruptions: "store_wal_corruptions_total",
      chunksFlushed: "store_chunks_flushed_total",
    },
  },
};

/** What a configuration says in a test that does not say something else: the shipper is `promtail`, the sink `store`. */
export function ownConfig(
  parts: Partial<Omit<OwnConfig, "sink">> = {},
  sink: Partial<ServedSink> = {},
): OwnConfig & { sink: ServedSink } {
  return {
    name: "shop",
    file: "everyline.config.yaml",
    composeFiles: ["/s/compose.yaml"],
    envFiles: [],
    profiles: [],
    with: [],
    without: [],
    notes: [],
    source: { folder: "/var/log/shop" },
    shipper: { service: "promtail" },
    mounts: { empty: [], copy: [] },
    bounds: { lost: 0 },
    quietSeconds: 60,
    sink: {
      kind,
      product: exampleStore,
      url: "http://store:3100",
      selector: '{job="shop"}',
      ...sink,
    },
    ...parts,
  };
}

/** The images of such a sink, and of one under a name of the user's own. */
export const storeImage = "example/store:3.6.4";
export const renamedStoreImage = "shop/my-store:1";
