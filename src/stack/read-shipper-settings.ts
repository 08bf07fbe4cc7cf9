import { matchesGlob } from "node:path";
import { parse } from "yaml";
import { messageOf } from "../errors.ts";
import { collectorSettings } from "./collector-settings.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { configurationText } from "./configuration-text.ts";
import { sourceAt } from "./mounted-source.ts";
import { promtailSettings } from "./promtail-settings.ts";

/** Files that a shipper reads, and what it labels their lines with. */
export interface ShippedFiles {
  /** Paths in its container, with wildcards. */
  globs: string[];
  excluded: string[];
  /** Labels that every stream of theirs has in Loki. */
  labels: Record<string, string>;
  /** Whether Loki knows the path of each file as the label `filename`. */
  hasFilename: boolean;
}

/** What a shipper's own configuration says of where lines come from and where they go. */
export interface ShipperSettings {
  reads: ShippedFiles[];
  /** Whether it may read other files as well, which only a running one knows. */
  isDynamic: boolean;
  /** Where it pushes to, as far as that is known. */
  pushUrls: string[];
  /** `X-Scope-OrgID` of its pushes. */
  tenant?: string | undefined;
}

/** A product whose configuration is known here. */
interface Product {
  image: RegExp;
  flag: RegExp;
  /** Where its images have it, unless the command says otherwise. */
  defaults: string[];
  settingsOf: (config: unknown, environment: ComposeService["environment"]) => ShipperSettings;
}

const products: Product[] = [
  {
    image: /promtail/i,
    flag: /^--?config\.file$/,
    defaults: ["/etc/promtail/config.yml", "/etc/promtail/promtail.yaml"],
    settingsOf: promtailSettings,
  },
  {
    image: /otel|opentelemetry/i,
    flag: /^(--?config|-c)$/,
    defaults: ["/etc/otelcol-contrib/config.yaml", "/etc/otelcol/config.yaml"],
    settingsOf: collectorSettings,
  },
];

/**
 * Reads the configuration of a shipper from the files of this machine that its service mounts.
 *
 * @returns why not, in half a sentence, where it cannot be had
 */
export async function readShipperSettings(
  model: ComposeModel,
  service: string,
): Promise<ShipperSettings | { why: string }> {
  const settings = model.services[service]!;
  const { image = service } = settings;
  const product = products.find(({ image: form }) => form.test(image));
  if (product === undefined) return { why: `Everyline does not know the configuration of ${image}` };
  const named = fileNamedBy(settings, product.flag);
  const paths = named === undefined ? product.defaults : [named];
  const text = (await Promise.all(paths.map((path) => textAt(model, settings, path)))).find(
    (found) => found !== undefined,
  );
  if (text === undefined)
    return { why: `${service} has its configuration ${paths[0]} from its image or a volume` };
  try {
    return product.settingsOf(parse(text), settings.environment);
  } catch (thrown) {
    return { why: `the configuration ${paths[0]} of ${service} cannot be read: ${messageOf(thrown)}` };
  }
}

/** `--flag=FILE` or `--flag FILE`; undefined where there is none, or several. */
function fileNamedBy({ command, entrypoint }: ComposeService, flag: RegExp): string | undefined {
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const files = words.flatMap((word, index) => {
    const [, name = word, value = words[index + 1] ?? ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    return flag.test(name) ? [value.replace(/^file:/, "")] : [];
  });
  return files.length === 1 ? files[0] : undefined;
}

/** The text of a file of this machine that a service sees at a path. */
async function textAt(
  model: ComposeModel,
  { volumes, configs }: ComposeService,
  path: string,
): Promise<string | undefined> {
  const given = configs?.find(({ source, target = `/${source}` }) => target === path);
  const config = given && model.configs?.[given.source];
  if (config?.content !== undefined) return config.content;
  const mounted = sourceAt(volumes, path);
  const file = config?.file ?? (mounted?.mount.type === "bind" ? mounted.source : undefined);
  return file === undefined ? undefined : configurationText(file);
}

/** Those of a shipper's files among which one at a path would be. */
export function readingOf({ reads }: ShipperSettings, path: string): ShippedFiles[] {
  return reads.filter(
    ({ globs, excluded }) =>
      globs.some((glob) => matchesGlob(path, glob)) && !excluded.some((glob) => matchesGlob(path, glob)),
  );
}
