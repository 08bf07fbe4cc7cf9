import { parse } from "yaml";
import { messageOf } from "../../base/errors.ts";
import { shipperProducts } from "../../products/known-shippers.ts";
import type { ShipperProduct } from "../../products/shipper-product.ts";
import type { ShipperSettings } from "../../products/shipper-settings.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { configurationText } from "./configuration-text.ts";
import { sourceAt } from "./mounted-source.ts";

/** The configuration of a shipper of a known product, from the user's files. */
interface ShipperConfiguration {
  product: ShipperProduct;
  /** In the container. */
  path: string;
  text: string;
}

/**
 * Reads the configuration of a shipper from the files of this machine that its service mounts.
 *
 * @returns the reason if it is not available, as part of a sentence
 */
export async function readShipperSettings(
  model: ComposeModel,
  service: string,
): Promise<ShipperSettings | { why: string }> {
  const found = await shipperConfiguration(model, service);
  if ("why" in found) return found;
  const { product, path, text } = found;
  try {
    return product.configuration.settingsOf(parse(text), model.services[service]!.environment);
  } catch (thrown) {
    return { why: `the configuration ${path} of ${service} cannot be read: ${messageOf(thrown)}` };
  }
}

/** Reads the configuration like `readShipperSettings`, but returns its text. */
export async function shipperConfiguration(
  model: ComposeModel,
  service: string,
): Promise<ShipperConfiguration | { why: string }> {
  const settings = model.services[service]!;
  const { image = service } = settings;
  const product = shipperProducts.find(({ configuration }) => configuration.image.test(image));
  if (product === undefined) return { why: `Everyline does not know the configuration of ${image}` };
  const { flag, defaults } = product.configuration;
  const named = fileNamedBy(settings, flag);
  const paths = named === undefined ? defaults : [named];
  for (const path of paths) {
    const text = await textAt(model, settings, path);
    if (text !== undefined) return { product, path, text };
  }
  return { why: `${service} has its configuration ${paths[0]} from its image or a volume` };
}

/** The FILE of `--flag=FILE` or `--flag FILE`; undefined if there is none or several. */
export function fileNamedBy({ command, entrypoint }: ComposeService, flag: RegExp): string | undefined {
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const files = words.flatMap((word, index) => {
    const [, name = word, value = words[index + 1] ?? ""] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    return flag.test(name) ? [value.replace(/^file:/, "")] : [];
  });
  return files.length === 1 ? files[0] : undefined;
}

/** The text of a file of this machine that a service mounts at a path. */
export async function textAt(
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
