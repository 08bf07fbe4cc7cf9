import { parse } from "yaml";
import { z } from "zod";
import { parsedYaml } from "../base/parsed-yaml.ts";
import { type Environment, filledValues } from "./filled-variables.ts";
import { recordOf } from "./log-stages.ts";

/** What Loki's configuration and command line say that a run has to know. */
export interface LokiSettings {
  /** Whether every request needs a tenant. */
  needsTenant: boolean;
  port: number;
  /** The path before its API; empty if there is none. */
  prefix: string;
  /** What of Loki the process runs. */
  targets: string[];
  /** Whether it gives every stream a label `service_name`. */
  namesServices: boolean;
}

const defaultPort = 3_100;
/** The first version that names services. */
const firstNaming = 3;

const configSchema = z.object({
  // As Loki's own default; its image's file says false.
  auth_enabled: z.boolean().default(true),
  target: z.union([z.string(), z.array(z.string())]).optional(),
  server: z
    .object({ http_listen_port: z.coerce.number().optional(), http_path_prefix: z.string().optional() })
    .nullish(),
  limits_config: z.looseObject({ discover_service_name: z.array(z.string()).nullish() }).nullish(),
});

/** The file in Loki's images (3.6.4, `cmd/loki/loki-docker-config.yaml`), as far as it matters here. */
const builtIn = { auth_enabled: false, server: { http_listen_port: defaultPort } };

/** Where Loki's images have their configuration. */
export const lokiDefaults: readonly string[] = ["/etc/loki/local-config.yaml", "/etc/loki/config.yaml"];

export const lokiFileFlag = /^--?config\.file$/;

/** Whether a text has the form of Loki's configuration. */
export function isLokiConfiguration(text: string): boolean {
  const config = recordOf(parsedYaml(text));
  if ("scrape_configs" in config) return false;
  const keys = [
    "schema_config",
    "ingester",
    "limits_config",
    "storage_config",
    "auth_enabled",
    "query_range",
    "common",
  ];
  return keys.filter((key) => key in config).length >= 2;
}

/**
 * What a Loki is told, by its configuration and its command line.
 *
 * @param text of its configuration; undefined if it is the one of its image
 * @param version of its image, such as `2.9.8`
 * @throws ZodError, or an error of the YAML parser, if it is not a configuration of Loki, as before Loki has filled in its variables
 */
export function lokiSettings(
  text: string | undefined,
  words: readonly string[],
  environment: Environment,
  version: string | undefined,
): LokiSettings {
  const given = text === undefined ? builtIn : (parse(text) ?? {});
  const config = configSchema.parse(filledValues(given, environment));
  const told = (name: string) => flagIn(words, name);
  const auth = words.find((word) => /^--?auth\.enabled(=|$)/.test(word));
  const target = told("target") ?? config.target ?? "all";
  const discovered = config.limits_config?.discover_service_name;
  const [major] = (version ?? `${firstNaming}`).split(".").map(Number);
  return {
    needsTenant: auth === undefined ? config.auth_enabled : !/=false$/.test(auth),
    port: Number(told("server.http-listen-port") ?? config.server?.http_listen_port ?? defaultPort),
    prefix: (told("server.path-prefix") ?? config.server?.http_path_prefix ?? "").replace(/\/$/, ""),
    targets: [target].flat().flatMap((one) => one.split(",")),
    namesServices: Number.isNaN(major) || major! >= firstNaming ? (discovered?.length ?? 1) > 0 : false,
  };
}

/** The value of `-name=value` or `-name value`. */
function flagIn(words: readonly string[], name: string): string | undefined {
  for (const [index, word] of words.entries()) {
    const [given = "", ...value] = word.split("=");
    if (given.replace(/^--?/, "") === name && given.startsWith("-"))
      return value.length > 0 ? value.join("=") : words[index + 1];
  }
  return undefined;
}
