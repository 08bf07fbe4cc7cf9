import { dirname, resolve } from "node:path";
import { messageOf } from "../../base/errors.ts";
import type { ConfigurationFile, ShipperConfiguration } from "../../products/shipper-configuration.ts";
import type { ShipperSettings } from "../../products/shipper-settings.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { sourceAt } from "./mounted-source.ts";
import { programOf, textAt } from "./service-program.ts";
import { type SeemingShipper, shipperPrograms } from "./shipper-programs.ts";

const maxFiles = 32;

/** The configuration of a shipper that Everyline knows, from the user's files. */
export interface FoundConfiguration {
  configuration: ShipperConfiguration;
  files: ConfigurationFile[];
  /** Whether it is the one that its image brings, as its makers publish it. */
  isOfImage: boolean;
}

/**
 * Reads the configuration of a shipper from the files of this machine that its service mounts, or that its image is built from.
 *
 * @returns the reason if it is not available, as part of a sentence
 */
export async function readShipperSettings(
  model: ComposeModel,
  service: string,
): Promise<ShipperSettings | { why: string }> {
  const found = await shipperConfiguration(model, service);
  if ("why" in found) return found;
  const { configuration, files } = found;
  try {
    return configuration.settingsOf(files, model.services[service]!.environment);
  } catch (thrown) {
    const paths = files.map(({ path }) => path).join(", ");
    return { why: `the configuration ${paths} of ${service} cannot be read: ${messageOf(thrown)}` };
  }
}

/** Finds the configuration like `readShipperSettings`, but returns its texts. */
export async function shipperConfiguration(
  model: ComposeModel,
  service: string,
): Promise<FoundConfiguration | { why: string }> {
  const [seeming] = await shipperPrograms(model, service);
  if (seeming === undefined) {
    const { image } = await programOf(service, model.services[service]!);
    return { why: `Everyline does not know the configuration of ${image}` };
  }
  return configurationOf(model, service, seeming);
}

async function configurationOf(
  model: ComposeModel,
  service: string,
  { configuration, program, files: formed }: SeemingShipper,
): Promise<FoundConfiguration | { why: string }> {
  const settings = model.services[service]!;
  const { built, words } = program;
  const named = configuration.namedBy(words);
  const paths = named.length > 0 ? named : configuration.defaults;
  const files: ConfigurationFile[] = [];
  for (const path of paths) {
    const inFolder = formed.filter((file) => dirname(file.path) === resolve(path));
    const text = inFolder.length > 0 ? undefined : await textAt(model, settings, path, built);
    files.push(...inFolder, ...(text === undefined ? [] : [{ path, text }]));
    // Of the places where a program looks by itself, it takes the first that has a file.
    if (named.length === 0 && files.length > 0) break;
  }
  if (files.length > 0)
    return {
      configuration,
      files: await withIncluded(files, configuration, model, settings, built),
      isOfImage: false,
    };
  const isOfImage =
    configuration.builtIn !== undefined &&
    settings.build === undefined &&
    configuration.image.test(program.imageName) &&
    configuration.defaults.includes(paths[0]!) &&
    sourceAt(settings.volumes, paths[0]!) === undefined;
  if (isOfImage)
    return { configuration, files: [{ path: paths[0]!, text: configuration.builtIn! }], isOfImage };
  return { why: `${service} has its configuration ${paths[0]} from its image or a volume` };
}

/** Files, and those that they name, each once. */
async function withIncluded(
  files: ConfigurationFile[],
  { includedBy }: ShipperConfiguration,
  model: ComposeModel,
  settings: ComposeService,
  built: Awaited<ReturnType<typeof programOf>>["built"],
): Promise<ConfigurationFile[]> {
  const all = [...files];
  for (let at = 0; includedBy !== undefined && at < all.length && all.length < maxFiles; at++) {
    const file = all[at]!;
    for (const name of includedBy(file)) {
      const path = resolve(dirname(file.path), name);
      const text = all.some((one) => one.path === path)
        ? undefined
        : await textAt(model, settings, path, built);
      if (text !== undefined) all.push({ path, text });
    }
  }
  return all;
}
