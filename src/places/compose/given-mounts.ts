import { readFile } from "node:fs/promises";
import type { ComposeModel } from "./compose-model.ts";
import { isConfigurationPath, isWithin, pathsNamedBy } from "./configuration-path.ts";
import { type ListedEntry, listFiles } from "./listed-files.ts";
import type { MountPlan } from "./own-mounts.ts";

/** One of the user's files, and where a service must have it. */
interface GivenFile {
  /** The complete path in the container. */
  path: string;
  content: Buffer;
}

/** What a service must have at one of its mounts. */
export interface GivenMount {
  service: string;
  /** The path that is read from the container in one piece; each file is read separately if undefined. */
  folder: string | undefined;
  files: GivenFile[];
  /** Paths in the service's command, entry point and environment. */
  named: readonly string[];
}

/**
 * What each service must have at the paths of its mounts, from the user's files: everything that was copied, the configuration within
 * mounts that are used unchanged, and the files of `configs` and `secrets`.
 */
export async function givenMounts(
  model: ComposeModel,
  started: readonly string[],
  { own, kept }: MountPlan,
): Promise<GivenMount[]> {
  const given: GivenMount[] = [];
  for (const { places, entries } of own)
    for (const { service, target } of places) given.push(givenAt(model, service, target, entries));
  for (const { source, service, target } of kept) {
    const named = pathsNamedBy(model.services[service]!);
    const { entries } = await listFiles(source, (path) => named.includes(wholePath(target, path)));
    const ofConfiguration = entries.filter(({ path }) => isConfigurationPath(wholePath(target, path), named));
    const mount = givenAt(model, service, target, ofConfiguration);
    // The folder may contain far more than what is compared.
    given.push({ ...mount, folder: undefined });
  }
  for (const service of started) given.push(...(await givenContents(model, service)));
  return given.filter(({ files }) => files.length > 0);
}

/** Files that another mount of the same container covers are not visible there. */
function givenAt(
  { services }: ComposeModel,
  service: string,
  target: string,
  entries: readonly ListedEntry[],
): GivenMount {
  const nested = services[service]!.volumes.map((mount) => mount.target).filter(
    (other) => other !== target && isWithin(other, target),
  );
  const files = entries.flatMap(({ path, content }) => {
    const whole = wholePath(target, path);
    return content === undefined || nested.some((other) => isWithin(whole, other))
      ? []
      : [{ path: whole, content }];
  });
  const isFolder = entries.length > 1 && nested.length === 0;
  const named = pathsNamedBy(services[service]!);
  return { service, folder: isFolder ? target : undefined, files, named };
}

function wholePath(target: string, path: string): string {
  return path === "" ? target : `${target.replace(/\/$/, "")}/${path}`;
}

async function givenContents(model: ComposeModel, service: string): Promise<GivenMount[]> {
  const { configs, secrets } = model.services[service]!;
  const places = [
    ...(configs ?? []).map(({ source, target = `/${source}` }) => ({
      path: target.startsWith("/") ? target : `/${target}`,
      given: model.configs?.[source],
    })),
    ...(secrets ?? []).map(({ source, target = source }) => ({
      path: target.startsWith("/") ? target : `/run/secrets/${target}`,
      given: model.secrets?.[source],
    })),
  ];
  const mounts = places.map(async ({ path, given }) => {
    const content =
      given?.file === undefined ? given?.content : await readFile(given.file).catch(() => undefined);
    const files = content === undefined ? [] : [{ path, content: Buffer.from(content) }];
    return { service, folder: undefined, files, named: [path] };
  });
  return Promise.all(mounts);
}
