import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { FileState, InstanceFile, StreamedFile } from "../instance.ts";

/** The disk of an instance in memory: a folder of this machine, under which its paths lie. */
export class MemoryDisk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Where a path of the instance is on this machine. */
  locate(path: string): string {
    return join(this.#root, path);
  }

  /** @throws RangeError if the files are larger */
  async files(folder: string, maxBytes: number): Promise<InstanceFile[]> {
    const here = this.locate(folder);
    const entries = await readdir(here, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    if (sizes.reduce((sum, size) => sum + size, 0) > maxBytes)
      throw new RangeError(`expected ${folder} to hold at most ${maxBytes} bytes`);
    const files = paths
      .sort()
      .map(async (path) => ({ name: relative(here, path), content: await readFile(path), header: {} }));
    return Promise.all(files);
  }

  async *streamFiles(path: string): AsyncGenerator<StreamedFile> {
    const here = this.locate(path);
    const found = await stat(here).catch(() => undefined);
    if (found === undefined) return;
    const paths = found.isDirectory() ? (await readdir(here)).map((name) => join(here, name)) : [here];
    for (const file of paths) {
      const { size, mtimeMs, isFile } = await fileAt(file);
      if (isFile) yield streamed(file, size, mtimeMs);
    }
  }

  async fileState(path: string): Promise<FileState | undefined> {
    const found = await stat(this.locate(path), { bigint: true }).catch(() => undefined);
    return found && { bytes: Number(found.size), modifiedAt: `${found.mtimeNs}` };
  }

  async writeFile(folder: string, { name, content }: InstanceFile): Promise<void> {
    const path = this.locate(join(folder, name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function fileAt(path: string) {
  const found = await stat(path);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

function streamed(path: string, bytes: number, modifiedAtMs: number): StreamedFile {
  const content = async function* (): AsyncGenerator<Buffer> {
    // What is written meanwhile comes after the end.
    if (bytes > 0) yield* createReadStream(path, { end: bytes - 1 });
  };
  return { name: basename(path), bytes, modifiedAtMs, isLink: false, content: content() };
}
