import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { z } from "zod";
import type { FileState, InstanceFile } from "../instance.ts";
import { unlessGone } from "./container.ts";
import { readArchive } from "./listed-archive.ts";

/**
 * Every file in a folder of a container and below, running or not, by name.
 *
 * @param maxBytes all of them together
 * @throws RangeError if they hold more, or are more than 10,000
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
 * What is known of a file of a container, or of one that is mounted there, running or not; undefined if there is none.
 *
 * @throws Error if the engine does not say
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

/** Puts a file that `readFiles` returned back into its folder, with what its content is by now. */
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
