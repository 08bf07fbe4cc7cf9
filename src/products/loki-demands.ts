import { lokiDefaults, lokiFileFlag, lokiSettings } from "./loki-settings.ts";
import type { SinkConfiguration } from "./sink-demands.ts";

export const lokiConfiguration: SinkConfiguration = {
  flag: lokiFileFlag,
  ofImageAt: lokiDefaults[0]!,
  ofImage: { needsTenant: false, port: 3_100 },
  tenantKey: ["auth_enabled"],
  portKey: ["server", "http_listen_port"],
  demandsOf: (text, words, environment) => {
    const { needsTenant, port } = lokiSettings(text, words, environment, undefined);
    return { needsTenant, port };
  },
};
