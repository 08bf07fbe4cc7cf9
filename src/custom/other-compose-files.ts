import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parsedYaml } from "../base/parsed-yaml.ts";
import { configurationText } from "../places/compose/configuration-text.ts";
import { isSinkImage } from "../places/images/known-images.ts";
import { recordOf } from "../products/log-stages.ts";
import { loki } from "../products/loki.ts";

/** Names of Compose files that Compose does not take by itself. */
const composeLike = /compose.*\.ya?ml$|\.compose\.ya?ml$/;
const maxFiles = 50;

/**
 * Further Compose files of a folder that have a Loki, such as `docker-compose.logging.yml`.
 *
 * @param taken the files that are read already
 * @returns names in the folder
 */
export async function otherFilesWithLoki(folder: string, taken: readonly string[]): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => composeLike.test(name) && !taken.includes(join(folder, name)));
  const found: string[] = [];
  for (const name of others.sort().slice(0, maxFiles)) {
    const text = await configurationText(join(folder, name));
    const services = recordOf(recordOf(parsedYaml(text ?? "")).services);
    const images = Object.values(services).map((service) => recordOf(service).image);
    if (images.some((image) => typeof image === "string" && isSinkImage(image, loki))) found.push(name);
  }
  return found;
}
