import type { SinkProduct } from "./sink-product.ts";

/** VictoriaLogs 1.52 as a single process. It has no write-ahead log: what it holds in memory it writes to disk every five seconds. */
export const victoriaLogs: SinkProduct = {
  name: "VictoriaLogs",
  port: 9_428,
  image: /(^|\/|-)victoria-?logs(:|@|$|-\d)/i,
  imageName: /^victoria-?logs$/,
  program: /^(\S*\/)?victoria-logs(-prod)?(\s|$)|\s\/(\S*\/)?victoria-logs(-prod)?(\s|$)/,
  apiPath: /\/(?:(?:insert|select)(?:\/.*)?)?$/,
  data: { folder: /^(victoria-logs-data|partitions|indexdb|datadb)$/, file: /^flock\.lock$/ },
  buildInfo: "vm_app_version",
};
