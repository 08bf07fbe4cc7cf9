import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { UnavailableError } from "../../base/errors.ts";
import { runProcessGroup } from "../../base/process-group.ts";
import { tempDir } from "../../base/temp-dir.ts";
import { builtReference, type CatalogueEntry, imagesDir } from "./catalogue.ts";
import { contentHash, contentLabel } from "./content-hash.ts";
import { engineEvents, engineMessage } from "./engine-events.ts";
import type { ImageOptions } from "./image-options.ts";
import { inspectImage } from "./inspect-image.ts";
import { installTools } from "./install-tools.ts";
import { type Progress, startProgress } from "./preparation-progress.ts";
import { toolPath } from "./tools.ts";

const totalMs = 45 * 60_000;

/**
 * Builds an image of the catalogue and tags it `everyline/NAME:VERSION`. Its build script fills a temporary folder with a
 * Docker build context for the engine's architecture; the tag appears only when all went well. Takes minutes the first time
 * and seconds where the compiler's cache is warm; gives up after 45 minutes.
 *
 * @param base the reference of the entry's base, where it has one, which the engine has
 * @throws UnavailableError saying what is missing or how the build failed
 */
export async function buildImage(
  docker: Docker,
  entry: CatalogueEntry,
  base: string | undefined,
  { onProgress, signal }: ImageOptions,
): Promise<void> {
  if (!entry.build) throw new UnavailableError("it can only be pulled");
  for (const tool of await installTools(entry.build.needs, { onProgress, signal }))
    throw new UnavailableError(`\`${tool}\` is not on PATH`);
  const script = join(imagesDir, entry.build.folder, "build");
  const reference = builtReference(entry);
  const before = await inspectImage(docker, reference);
  const content = await contentHash(imagesDir, entry);
  const { Arch: architecture } = await docker.version();
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(totalMs)]);
  await using dir = await tempDir("everyline-image-");
  const context = join(dir.path, "context");
  const scratch = join(dir.path, "tmp");
  await Promise.all([mkdir(context), mkdir(scratch)]);

  const progress = startProgress(`building ${reference}`, onProgress);
  try {
    await runProcessGroup(script, [entry.version, context], {
      env: {
        ...process.env,
        PATH: toolPath,
        TMPDIR: scratch,
        EVERYLINE_ARCH: architecture,
        ...(base === undefined ? {} : { EVERYLINE_BASE: base }),
      },
      signal: abortSignal,
      onLine: progress.note,
    });
    await sendToEngine(docker, context, progress, {
      t: reference,
      labels: { [contentLabel]: content },
      abortSignal,
    });
  } catch (thrown) {
    signal.throwIfAborted();
    if (abortSignal.aborted) throw new UnavailableError(`it took longer than ${totalMs / 60_000} min`);
    throw new UnavailableError(engineMessage(thrown), { cause: thrown });
  } finally {
    progress.end();
  }
  if (before) await removeUnlessUsed(docker, before.Id, reference);
}

/** Has the engine build a context. The context goes through `tar`, because dockerode's own packing applies the umask. */
async function sendToEngine(
  docker: Docker,
  context: string,
  progress: Progress,
  options: Docker.ImageBuildOptions,
): Promise<void> {
  const tar = spawn("tar", ["-C", context, "-cf", "-", "."], {
    env: { ...process.env, COPYFILE_DISABLE: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const events = await docker.buildImage(tar.stdout, { ...options, rm: true, forcerm: true });
    for await (const event of engineEvents(events)) {
      progress.note(stripVTControlCharacters(event.stream ?? ""));
    }
  } finally {
    tar.kill();
  }
}

/** The image that lost its tag to a newer one would stay behind without a name. */
async function removeUnlessUsed(docker: Docker, id: string, reference: string): Promise<void> {
  const now = await inspectImage(docker, reference);
  if (now?.Id === id) return;
  await docker
    .getImage(id)
    .remove()
    .catch(() => {});
}
