import { on } from "node:events";
import { basename } from "node:path";
import { PassThrough, pipeline, type Readable } from "node:stream";
import type Docker from "dockerode";
import { extract, type Headers } from "tar-stream";
import type { StreamedFile } from "../instance.ts";
import { unlessGone } from "./container.ts";
import { statOf } from "./container-files.ts";

/** How the engine marks a folder: the highest bit of Go's `os.FileMode`. */
const folderMode = 2 ** 31;

/**
 * The file at a path of a container, or the files right in the folder there, as the engine's archive of it has them: also of one that does
 * not run, and of what is mounted there. Everything below a folder passes through, but only its own files are given out. A file that grows
 * meanwhile ends where it did when the engine looked at it.
 *
 * @throws Error if the engine does not answer, or breaks off
 */
export async function* streamFiles(container: Docker.Container, path: string): AsyncGenerator<StreamedFile> {
  const found = await statOf(container, path);
  if (found === undefined) return;
  // The engine's archive of a link has the link alone.
  const archive = await unlessGone(container.getArchive({ path: found.linkTarget || path }));
  if (archive === undefined) return;
  const end = found.linkTarget === "" ? found : await statOf(container, found.linkTarget);
  const depth = (end?.mode ?? 0) >= folderMode ? 2 : 1;
  yield* filesIn(archive as Readable, depth);
}

/** What the archive has of one entry. */
type Entry = [header: Headers, content: Readable, next: () => void];

/**
 * The files of an archive that stand at one depth, 1 for those that stand in no folder.
 *
 * @throws Error if the archive is not complete
 */
export async function* filesIn(archive: Readable, depth: number): AsyncGenerator<StreamedFile> {
  const unpacking = extract();
  const entries = on(unpacking, "entry", { close: ["finish"] });
  // What fails on the way is told to whoever waits for the next entry, or for more of this one's content.
  pipeline(archive, unpacking, () => {});
  try {
    for await (const [header, content, next] of entries as AsyncIterableIterator<Entry>) {
      const taking = new Taking(content);
      const file = fileOf(header, taking, depth);
      if (file !== undefined) yield file;
      await taking.finish();
      next();
    }
  } finally {
    archive.destroy();
  }
}

/** The content of one entry, which has to be read to its end before the next entry comes. */
class Taking {
  readonly #content: Readable;
  #isTaken = false;
  #isWhole = false;

  constructor(content: Readable) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    this.#isTaken = true;
    // A stream of tar-stream that is left early never ends to be left.
    const passed = new PassThrough();
    pipeline(this.#content, passed, () => {});
    yield* passed;
    this.#isWhole = true;
  }

  /** Skips what was not taken. */
  async finish(): Promise<void> {
    if (!this.#isTaken) for await (const _ of this);
    if (!this.#isWhole)
      throw new Error("the content of a file was taken in part, so that the next cannot be found");
  }
}

function fileOf(
  { name, type, size = 0, mtime }: Headers,
  content: AsyncIterable<Buffer>,
  depth: number,
): StreamedFile | undefined {
  const isLink = type === "link" || type === "symlink";
  if ((type !== "file" && !isLink) || name.split("/").length !== depth) return undefined;
  return { name: basename(name), bytes: size, modifiedAtMs: mtime?.getTime() ?? 0, isLink, content };
}
