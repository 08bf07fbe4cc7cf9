import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { messageOf } from "../../base/errors.ts";
import type { LimitedDisk } from "../instance.ts";
import { tmpfsBytes } from "./tmpfs-size.ts";

const blockBytes = 64 * 1_024;
/** How the engine says that a disk is full. */
const full = /no space left on device/i;
/** If it says so while the file is still being sent, this process may not read its answer, but only see that the connection ended. */
const brokeOff = /EPIPE|ECONNRESET|socket hang up/i;
const maxAttempts = 5;

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
 * @throws RangeError if more bytes than it is said to hold were written
 */
export async function fillDiskOf(
  container: Docker.Container,
  { folder, bytes }: LimitedDisk,
  name: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await writeZeros(container, folder, { name, size: bytes + blockBytes });
    } catch (thrown) {
      const message = messageOf(thrown);
      if (full.test(message)) return;
      if (attempt < maxAttempts && brokeOff.test(message)) continue;
      throw thrown;
    }
    throw new RangeError(`expected ${folder} to hold ${bytes} bytes, but a larger file was written`);
  }
}

async function writeZeros(
  container: Docker.Container,
  folder: string,
  file: { name: string; size: number },
): Promise<void> {
  const archive = pack();
  const content = Readable.from(zeros(file.size));
  content.pipe(archive.entry(file, () => archive.finalize()));
  try {
    await container.putArchive(archive, { path: folder });
  } finally {
    content.destroy();
  }
}

function* zeros(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(blockBytes);
  for (let left = bytes; left > 0; left -= blockBytes)
    yield left < blockBytes ? block.subarray(0, left) : block;
}
