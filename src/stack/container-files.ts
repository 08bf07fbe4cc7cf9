import { once } from "node:events";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { extract, type Headers, pack } from "tar-stream";

/** A file of a container, with what has to be kept when it is written back. */
export interface ContainerFile {
  /** Relative to the folder that was read. */
  name: string;
  content: Buffer;
  header: Pick<Headers, "mode" | "uid" | "gid" | "mtime">;
}

/**
 * Every file in a folder of a container and below, running or not, by name.
 *
 * @param maxBytes all of them together
 * @throws RangeError if they hold more
 */
export async function readFiles(
  container: Docker.Container,
  folder: string,
  maxBytes: number,
): Promise<ContainerFile[]> {
  const files: ContainerFile[] = [];
  let bytes = 0;
  const unpacking = extract();
  unpacking.on("entry", ({ name, type, size = 0, mode, uid, gid, mtime }, stream, next) => {
    bytes += size;
    if (bytes > maxBytes) {
      unpacking.destroy(new RangeError(`expected ${folder} to hold at most ${maxBytes} bytes`));
      return;
    }
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const header = { mode, uid, gid, mtime };
      const relative = name.slice(basename(folder).length + 1);
      if (type === "file") files.push({ name: relative, content: Buffer.concat(chunks), header });
      next();
    });
  });
  const archive = (await container.getArchive({ path: folder })) as Readable;
  const ended = once(unpacking, "finish");
  archive.on("error", (thrown) => unpacking.destroy(thrown));
  archive.pipe(unpacking);
  try {
    await ended;
  } finally {
    archive.destroy();
  }
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Puts a file that `readFiles` returned back into its folder, with what its content is by now. */
export async function writeBack(
  container: Docker.Container,
  folder: string,
  { name, content, header }: ContainerFile,
): Promise<void> {
  const archive = pack();
  archive.entry({ name, ...header, size: content.length }, content);
  archive.finalize();
  await container.putArchive(archive, { path: folder });
}
