import { lokiConfiguration } from "./loki-demands.ts";
import { lokiIngester } from "./loki-ingester.ts";
import type { SinkProduct } from "./sink-product.ts";

export const loki: SinkProduct = {
  name: "Loki",
  port: 3_100,
  // Shippers have plugins for it, which are called so as well.
  image: /(^|\/|(?<!plugin)-)loki(:|@|$|-\d)/i,
  imageName: /^(grafana-)?loki$|^enterprise-logs$/,
  program: /^(\S*\/)?loki(\s|$)|\s\/(\S*\/)?bin\/loki(\s|$)/,
  apiPath: /\/(?:(?:loki\/api|otlp|api\/prom)(?:\/.*)?)?$/,
  data: {
    folder: /^(chunks|wal|checkpoint\.\d+|(boltdb|tsdb)-shipper-.+|tsdb-(index|cache)|index_\d+|compactor)$/,
    file: /^loki_cluster_seed\.json$/,
  },
  buildInfo: "loki_build_info",
  configuration: lokiConfiguration,
  ingester: lokiIngester,
};
