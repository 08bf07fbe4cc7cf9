import { filesOfFlag } from "../../products/shipper-configuration.ts";
import type { SinkDemands } from "../../products/sink-demands.ts";
import type { SinkProduct } from "../../products/sink-product.ts";
import { isSinkImage } from "../images/known-images.ts";
import type { ComposeModel } from "./compose-model.ts";
import { sourceAt } from "./mounted-source.ts";
import { programOf, textAt } from "./service-program.ts";

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
  const { words, built } = await programOf(service, settings);
  const [path = ofImageAt, ...others] = filesOfFlag(words, flag);
  if (others.length > 0) return undefined;
  const mounted = sourceAt(settings.volumes, path);
  const text = await textAt(model, settings, path, built);
  if (text !== undefined) {
    try {
      return { ...demandsOf(text, words, settings.environment), file: mounted?.source };
    } catch {
      return undefined;
    }
  }
  const { image, build } = settings;
  const isKnown = build === undefined && image !== undefined && isSinkImage(image, product);
  return isKnown && path === ofImageAt && mounted === undefined ? { ...ofImage, file: undefined } : undefined;
}
