import { z } from "zod";
import type { SinkConfiguration } from "./sink-demands.ts";

const defaultPort = 3_100;

const configSchema = z.object({
  auth_enabled: z.boolean().default(true),
  server: z.object({ http_listen_port: z.int().optional() }).nullish(),
});

export const lokiConfiguration: SinkConfiguration = {
  flag: /^--?config\.file$/,
  ofImageAt: "/etc/loki/local-config.yaml",
  ofImage: { needsTenant: false, port: defaultPort },
  tenantKey: ["auth_enabled"],
  portKey: ["server", "http_listen_port"],
  demandsOf: (config, words) => {
    const { auth_enabled: isAuthOn, server } = configSchema.parse(config ?? {});
    const auth = flagIn(words, /^--?auth\.enabled$/);
    const port = flagIn(words, /^--?server\.http-listen-port$/);
    return {
      needsTenant: auth === undefined ? isAuthOn : auth !== "false",
      port: Number(port) || (server?.http_listen_port ?? defaultPort),
    };
  },
};

function flagIn(words: readonly string[], form: RegExp): string | undefined {
  const values = words.flatMap((word, index) => {
    const [name = "", ...value] = word.split("=");
    if (!form.test(name)) return [];
    return [value.length > 0 ? value.join("=") : (words[index + 1] ?? "")];
  });
  return values.at(-1);
}
