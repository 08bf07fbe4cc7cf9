import { parse } from "yaml";
import type { SinkDemands } from "../../products/sink-demands.ts";
import type { SinkProduct } from "../../products/sink-product.ts";
import { isSinkImage } from "../images/known-images.ts";
import type { ComposeModel } from "./compose-model.ts";
import { sourceAt } from "./mounted-source.ts";
import { fileNamedBy, textAt } from "./read-shipper-settings.ts";

/** What the configuration of a sink's service demands, and the file of this machine where that stands. */
interface FoundDemands extends SinkDemands {
  /** Undefined if it is the image's own, or stands in the Compose file. */
  file: string | undefined;
}

/**
 * Reads what a service of the sink demands from its configuration.
 *
 * @returns undefined if its configuration is not known, because it is in a volume or in an image of the user's own, or cannot be read
 */
export async function sinkDemands(
  model: ComposeModel,
  service: string,
  product: SinkProduct,
): Promise<FoundDemands | undefined> {
  const { configuration } = product;
  if (configuration === undefined) return undefined;
  const settings = model.services[service]!;
  const { flag, ofImageAt, ofImage, demandsOf } = configuration;
  const path = fileNamedBy(settings, flag) ?? ofImageAt;
  const mounted = sourceAt(settings.volumes, path);
  const text = await textAt(model, settings, path);
  if (text !== undefined) {
    try {
      const words = [...(settings.entrypoint ?? []), ...(settings.command ?? [])];
      return { ...demandsOf(parse(text), words), file: mounted?.source };
    } catch {
      // Variables that the program fills in may make it something else than YAML.
      return undefined;
    }
  }
  const { image, build } = settings;
  const isKnown = build === undefined && image !== undefined && isSinkImage(image, product);
  return isKnown && path === ofImageAt && mounted === undefined ? { ...ofImage, file: undefined } : undefined;
}
