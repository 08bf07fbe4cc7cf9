import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import type { PartImage } from "../../pipeline/pipeline.ts";
import type { ResolvedImage } from "../stack-image.ts";
import { buildImage } from "./build-image.ts";
import {
  builtReference,
  type CatalogueEntry,
  catalogueEntry,
  imagesDir,
  labelOf,
  pulledEntry,
} from "./catalogue.ts";
import { contentHash, contentLabel } from "./content-hash.ts";
import type { ImageOptions } from "./image-options.ts";
import { inspectImage } from "./inspect-image.ts";
import { pullImage } from "./pull-image.ts";

/** What the engine has for an entry of the catalogue; `outdated` means that it was built from other inputs than the current ones. */
export type LocalImage = { state: "missing" } | { state: "present" | "outdated"; image: ResolvedImage };

/**
 * Looks for an image without pulling anything: first the pulled one, so that a machine with a registry tests what everybody
 * else runs; otherwise the built one.
 */
export async function findLocalImage(docker: Docker, entry: CatalogueEntry): Promise<LocalImage> {
  const pulled = entry.pull === undefined ? undefined : await inspectImage(docker, entry.pull);
  if (entry.pull !== undefined && pulled) {
    return { state: "present", image: resolved(entry, entry.pull, "pulled", pulled) };
  }
  const built = await inspectImage(docker, builtReference(entry));
  if (!built) return { state: "missing" };
  const current =
    entry.build && built.Config.Labels?.[contentLabel] === (await contentHash(imagesDir, entry));
  return {
    state: current ? "present" : "outdated",
    image: resolved(entry, builtReference(entry), "built", built),
  };
}

/**
 * Makes sure that the engine has an image of the catalogue: an existing one is used, otherwise it is pulled, otherwise built.
 *
 * @throws UsageError if the catalogue has no such image
 * @throws UnavailableError saying why it could be neither pulled nor built, and what to do
 */
export async function resolveImage(
  docker: Docker,
  name: string,
  version: string,
  options: ImageOptions,
): Promise<ResolvedImage> {
  return resolveEntry(docker, await catalogueEntry(name, version), options);
}

/**
 * Makes sure that the engine has the image that a part runs.
 *
 * @throws UsageError where the catalogue has no such image
 * @throws UnavailableError with the reason if it is not available
 */
export async function resolvePartImage(
  docker: Docker,
  { name, version, reference }: PartImage,
  options: ImageOptions,
): Promise<ResolvedImage> {
  return reference === undefined
    ? resolveImage(docker, name, version, options)
    : resolveReference(docker, reference, options);
}

/**
 * Makes sure that the engine has an image, given by its reference. An existing one is used; an image of the catalogue is pulled or built;
 * any other is pulled.
 *
 * @throws UnavailableError with the reason if it is not available
 */
export async function resolveReference(
  docker: Docker,
  reference: string,
  options: ImageOptions,
): Promise<ResolvedImage> {
  const present = await inspectImage(docker, reference);
  if (present) return describeImage(reference, present);
  const entry = await pulledEntry(reference);
  if (entry) return resolveEntry(docker, entry, options);
  await pullImage(docker, reference, options);
  return describeImage(reference, (await inspectImage(docker, reference))!);
}

/** An image that is not in the catalogue. If it has a registry's digest, it was pulled; its version is its tag, or `unknown`. */
export function describeImage(reference: string, info: Docker.ImageInspectInfo): ResolvedImage {
  return {
    reference,
    id: info.Id,
    origin: (info.RepoDigests ?? []).length > 0 ? "pulled" : "built",
    version: /:([\w.-]+)$/.exec(reference)?.[1] ?? "unknown",
    sizeBytes: info.Size,
  };
}

/** Does the work of `resolveImage` for an entry of the catalogue. */
export async function resolveEntry(
  docker: Docker,
  entry: CatalogueEntry,
  options: ImageOptions,
): Promise<ResolvedImage> {
  const local = await findLocalImage(docker, entry);
  if (local.state === "present") return local.image;

  const failures: string[] = [];
  if (entry.pull !== undefined) {
    const failure = await failureOf(pullImage(docker, entry.pull, options), options.signal);
    if (failure === undefined) return presentImage(docker, entry);
    options.onProgress(`${entry.pull} cannot be pulled: ${failure}`);
    failures.push(`  Pulling ${entry.pull} failed: ${failure}`);
  }
  const failure = await failureOf(buildEntry(docker, entry, options), options.signal);
  if (failure === undefined) return presentImage(docker, entry);
  failures.push(`  Building it failed: ${failure}`);
  throw new UnavailableError([`no image for ${labelOf(entry)}.`, ...failures, remedy(entry)].join("\n"));
}

/**
 * Builds an image of the catalogue, even if one exists. Its base, if it has one, is used if it exists, otherwise pulled,
 * otherwise built.
 *
 * @throws UnavailableError saying what is missing or how the build failed
 */
export async function buildEntry(
  docker: Docker,
  entry: CatalogueEntry,
  options: ImageOptions,
): Promise<void> {
  const base = entry.build?.base && (await resolveEntry(docker, entry.build.base, options));
  await buildImage(docker, entry, base?.reference, options);
}

/** What to do if neither pulling nor building works. */
function remedy({ pull, build, ...entry }: CatalogueEntry): string {
  const install = `nstall what the build needs (${build?.needs.join(", ") || "nothing known"}) and run`;
  const command = `\`everyline images build ${labelOf(entry)}\``;
  if (pull === undefined) return `I${install} ${command}.`;
  return `Make \`docker pull ${pull}\` work, or i${install} ${command}.`;
}

/** Why something failed; undefined if it succeeded. An abort is rethrown. */
async function failureOf(attempt: Promise<void>, signal: AbortSignal): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof UnavailableError) return messageOf(thrown);
    throw thrown;
  }
}

async function presentImage(docker: Docker, entry: CatalogueEntry): Promise<ResolvedImage> {
  const local = await findLocalImage(docker, entry);
  if (local.state === "present") return local.image;
  throw new UnavailableError(
    `${labelOf(entry)} was pulled or built but is ${local.state} now; was it removed meanwhile? Try again.`,
  );
}

function resolved(
  entry: CatalogueEntry,
  reference: string,
  origin: ResolvedImage["origin"],
  info: Docker.ImageInspectInfo,
): ResolvedImage {
  return { reference, id: info.Id, origin, version: entry.version, sizeBytes: info.Size };
}
