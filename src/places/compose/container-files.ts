import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { z } from "zod";
import type { FileState, InstanceFile } from "../instance.ts";
import { unlessGone } from "./container.ts";
import { readArchive } from "./listed-archive.ts";

/**
 * Every file in a folder of a container and its subfolders, by name; the container need not run.
 *
 * @param maxBytes the maximum size of all files together
 * @throws RangeError if the files are larger, or more than 10,000
 */
export async function readFiles(
  container: Docker.Container,
  folder: string,
  maxBytes: number,
): Promise<InstanceFile[]> {
  const archive = (await container.getArchive({ path: folder })) as Readable;
  const { entries, isTooLarge } = await readArchive(archive, maxBytes);
  if (isTooLarge)
    throw new RangeError(`expected ${folder} to hold at most ${maxBytes} bytes in 10,000 files`);
  return entries
    .flatMap(({ path: name, content, mode, uid, gid, mtime }) =>
      content === undefined ? [] : [{ name, content, header: { mode, uid, gid, mtime } }],
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const pathStatHeader = "x-docker-container-path-stat";
/** `mode` is that of Go's `os.FileMode`. */
const pathStatSchema = z.object({
  size: z.int().min(0),
  mode: z.int().min(0),
  mtime: z.string(),
  linkTarget: z.string(),
});

/** What the engine says of a path of a container. */
type PathStat = z.infer<typeof pathStatSchema>;

/**
 * The state of a file in a container, or in one of its mounts; undefined if there is no such file. The container need not run.
 *
 * @throws Error if the engine does not answer
 */
export async function fileStateOf(container: Docker.Container, path: string): Promise<FileState | undefined> {
  const stat = await statOf(container, path);
  return stat && { bytes: stat.size, modifiedAt: stat.mtime };
}

/** The engine's own words about it. */
export async function statOf(container: Docker.Container, path: string): Promise<PathStat | undefined> {
  const answer = await unlessGone(container.infoArchive({ path }));
  if (answer === undefined) return undefined;
  // The answer has no body, but its connection stays open until it is read.
  const { headers } = (answer as IncomingMessage).resume();
  const stat = Buffer.from(String(headers[pathStatHeader]), "base64").toString("utf8");
  return pathStatSchema.parse(JSON.parse(stat));
}

/** Writes a file that `readFiles` returned back into its folder, with its current `content`. */
export async function writeBack(
  container: Docker.Container,
  folder: string,
  { name, content, header }: InstanceFile,
): Promise<void> {
  const archive = pack();
  archive.entry({ name, ...header, size: content.length }, content);
  archive.finalize();
  await container.putArchive(archive, { path: folder });
}
