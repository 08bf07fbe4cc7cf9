import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { messageOf } from "../../base/errors.ts";
import type { LimitedDisk } from "../instance.ts";
import { tmpfsBytes } from "./tmpfs-size.ts";

const blockBytes = 64 * 1_024;
/** How the engine says that a disk is full. It may also break off while the file is still being sent. */
const brokeOff = /no space left on device|EPIPE|ECONNRESET/i;

/** The volumes that a container writes to and whose size the engine was told, such as a tmpfs of 32 MiB. */
export async function limitedDisksOf(docker: Docker, container: Docker.Container): Promise<LimitedDisk[]> {
  const { Mounts: mounts } = await container.inspect();
  const disks = mounts.map(async ({ Type: type, Name: name, Destination: folder, RW: isWritable }) => {
    if (type !== "volume" || !name || !isWritable) return [];
    const { Driver: driver, Options: options } = await docker.getVolume(name).inspect();
    const bytes = driver === "local" ? tmpfsBytes(options) : undefined;
    return bytes === undefined ? [] : [{ folder, bytes }];
  });
  return (await Promise.all(disks)).flat();
}

/**
 * Writes a file of zeros to a disk until the disk has no room for more.
 *
 * @throws RangeError if as many bytes as it is said to hold were written
 */
export async function fillDiskOf(
  container: Docker.Container,
  { folder, bytes }: LimitedDisk,
  name: string,
): Promise<void> {
  const archive = pack();
  const file = archive.entry({ name, size: bytes }, () => archive.finalize());
  const content = Readable.from(zeros(bytes));
  content.pipe(file);
  archive.on("error", () => {});
  try {
    await container.putArchive(archive, { path: folder });
  } catch (thrown) {
    if (brokeOff.test(messageOf(thrown))) return;
    throw thrown;
  } finally {
    content.destroy();
    archive.destroy();
  }
  throw new RangeError(
    `expected ${folder} to hold less than ${bytes} bytes, but a file of that size was written`,
  );
}

function* zeros(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(blockBytes);
  for (let left = bytes; left > 0; left -= blockBytes)
    yield left < blockBytes ? block.subarray(0, left) : block;
}
