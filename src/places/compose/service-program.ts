import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ConfigurationFile } from "../../products/shipper-configuration.ts";
import { nameOfRepository } from "../images/repository.ts";
import { type BuiltImage, builtImage } from "./built-image.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { isConfigurationPath, isWithin } from "./configuration-path.ts";
import { configurationText } from "./configuration-text.ts";
import { sourceAt } from "./mounted-source.ts";
import { isMachineFolder } from "./written-data.ts";

const maxFiles = 50;

/** What the files of this machine say about the program that a service runs. */
export interface ServiceProgram {
  /** Its image, or the one that its own is built from; its name if nothing is known. */
  image: string;
  /** The last part of that image's repository. */
  imageName: string;
  /** Its command line: entry point and command, with those of a Dockerfile. */
  words: string[];
  built: BuiltImage | undefined;
}

/** The program of a service, by its Compose file and Dockerfile. */
export async function programOf(name: string, service: ComposeService): Promise<ServiceProgram> {
  const built = await builtImage(service);
  const image = built?.base ?? service.image ?? name;
  const entrypoint = service.entrypoint ?? built?.entrypoint ?? [];
  // An entry point of the Compose file takes the image's command away.
  const command = service.command ?? (service.entrypoint ? [] : (built?.command ?? []));
  const words = [...entrypoint, ...command].flatMap((word) => (/\s/.test(word) ? word.split(/\s+/) : [word]));
  return { image, imageName: nameOfRepository(image), words, built };
}

/** The text of a file in a service's container, if it is known: from a `config`, a file of this machine, its Dockerfile or its command. */
export async function textAt(
  model: ComposeModel,
  service: ComposeService,
  path: string,
  built?: BuiltImage,
): Promise<string | undefined> {
  const given = service.configs?.find(({ source, target = `/${source}` }) => target === path);
  const config = given && model.configs?.[given.source];
  if (config?.content !== undefined) return config.content;
  const mounted = sourceAt(service.volumes, path);
  const file = config?.file ?? (mounted?.mount.type === "bind" ? mounted.source : undefined);
  if (file !== undefined) return configurationText(file);
  if (mounted !== undefined) return undefined;
  const copied = built && sourceAt(built.copies, path);
  return writtenBy(service).get(path) ?? (copied && configurationText(copied.source));
}

/** What a shell in a service's command writes into files before it starts the program: `cat <<EOF > /etc/x.yaml`. */
function writtenBy({ entrypoint, command }: ComposeService): Map<string, string> {
  const script = [...(entrypoint ?? []), ...(command ?? [])].join("\n");
  const forms = [
    /<<-?\s*["']?(?<end>\w+)["']?\s*>\s*(?<path>\/\S+)\n(?<text>[\s\S]*?)\n\s*\k<end>\b/g,
    />\s*(?<path>\/\S+)\s*<<-?\s*["']?(?<end>\w+)["']?\n(?<text>[\s\S]*?)\n\s*\k<end>\b/g,
  ];
  const found = forms.flatMap((form) => [...script.matchAll(form)].map(({ groups }) => groups!));
  return new Map(found.map(({ path, text }) => [path!, `${text}\n`]));
}

/** The configuration files of a service that are known, whatever program reads them. */
export async function configurationFilesOf(
  model: ComposeModel,
  service: ComposeService,
  { built, words }: ServiceProgram,
): Promise<ConfigurationFile[]> {
  const paths = new Set<string>(writtenBy(service).keys());
  for (const { source, target = `/${source}` } of service.configs ?? []) paths.add(target);
  const places = [...service.volumes.filter(({ type }) => type === "bind"), ...(built?.copies ?? [])].filter(
    ({ source }) => source !== undefined && !isMachineFolder(source),
  );
  for (const { source, target } of places)
    for (const path of await filesAt(source!, target, words)) paths.add(path);
  const files: ConfigurationFile[] = [];
  for (const path of [...paths].slice(0, maxFiles)) {
    const text = await textAt(model, service, path, built);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}

/** The paths in the container of the files of a mount that may be configuration: the file itself, or those directly in the folder. */
async function filesAt(source: string, target: string, words: readonly string[]): Promise<string[]> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isFile()) return [target];
  if (!found?.isDirectory()) return [];
  const names = await readdir(source).catch(() => []);
  const isNamed = (path: string) => words.some((word) => word.includes(path) || isWithin(path, word));
  return names
    .sort()
    .slice(0, maxFiles)
    .map((name) => join(target, name))
    .filter((path) => isConfigurationPath(path, []) || isNamed(path));
}
