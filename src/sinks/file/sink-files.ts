import { basename, dirname, join, matchesGlob } from "node:path";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import type { FileState, Instance, StreamedFile } from "../../places/instance.ts";
import type { Stack } from "../../places/place.ts";

const wildcard = /[*?[{]/;

/** A file of the sink. */
export interface SinkFile extends StreamedFile {
  /** Where it is in its container. */
  path: string;
}

/**
 * The files in which a pipeline ends: those of one instance that a path names, which may have wildcards in its last part. The place is asked
 * for them, whether the instance's process runs or not: what a process has written is there without it.
 */
export class SinkFiles {
  /** In the container. */
  readonly path: string;
  readonly #service: string;
  readonly #instances: readonly Instance[];

  /** @throws UnavailableError if the place cannot read files */
  constructor(stack: Pick<Stack, "pipeline" | "instances">) {
    const { selector, sink } = stack.pipeline;
    this.path = selector;
    this.#service = sink.reader;
    this.#instances = stack.instances([sink.reader]);
    if (this.#instances.some(({ streamFiles, fileState }) => !streamFiles || !fileState))
      throw new UnavailableError("the pipeline runs where nobody can read the files of an instance.");
  }

  /**
   * What is known of the file without reading it; undefined if there is none yet, or there may be several.
   *
   * @throws ReadError if the instance or the folder is gone, or the place does not answer
   */
  async fileState(): Promise<FileState | undefined> {
    await this.assertThere();
    return this.#areSeveral ? undefined : told(this.#instance.fileState!(this.path), this.#where(this.path));
  }

  /**
   * The files, in no certain order. There may be none: then nothing was written yet.
   *
   * @throws ReadError as `fileState` does, or if a file is only a link
   */
  async *all(): AsyncGenerator<SinkFile> {
    await this.assertThere();
    const [folder, form] = [dirname(this.path), basename(this.path)];
    const files = this.#instance.streamFiles!(this.#areSeveral ? folder : this.path);
    for await (const file of watched(files, this.#where(this.path))) {
      if (!this.#areSeveral) yield this.#asSinkFile(file, this.path);
      else if (matchesGlob(file.name, form)) yield this.#asSinkFile(file, join(folder, file.name));
    }
  }

  /**
   * Reads one of them.
   *
   * @throws ReadError as `all` does, or if it is there no more
   */
  async read<Result>(path: string, use: (file: SinkFile) => Promise<Result>): Promise<Result> {
    for await (const file of watched(this.#instance.streamFiles!(path), this.#where(path)))
      return await use(this.#asSinkFile(file, path));
    throw new ReadError({ code: "file-gone", ...this.#where(path) });
  }

  /** @throws ReadError unless the folder of the files is there: then a file that is missing was not written yet */
  async assertThere(): Promise<void> {
    const instance = this.#instance;
    const folder = dirname(this.path);
    if ((await told(instance.findState(), this.#where(folder))) === undefined)
      throw new ReadError({ code: "container-gone", instance: instance.name });
    if ((await told(instance.fileState!(folder), this.#where(folder))) === undefined)
      throw new ReadError({ code: "no-folder", instance: instance.name, folder });
  }

  #asSinkFile(file: StreamedFile, path: string): SinkFile {
    const where = this.#where(path);
    if (file.isLink) throw new ReadError({ code: "file-is-link", ...where });
    return { ...file, path, content: watched(file.content, where) };
  }

  #where(file: string): Where {
    return { instance: this.#instance.name, file };
  }

  get #areSeveral(): boolean {
    return wildcard.test(basename(this.path));
  }

  get #instance(): Instance {
    const [instance, ...others] = this.#instances;
    if (instance !== undefined && others.length === 0) return instance;
    const containers = this.#instances.length;
    throw new ReadError({ code: "several-containers", service: this.#service, containers });
  }
}

/** A path of an instance. */
interface Where {
  instance: string;
  file: string;
}

async function told<Answer>(answer: Promise<Answer>, where: Where): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    throw unread(thrown, where);
  }
}

/** What fails on the side of the place is a read that was not completed; what whoever takes the items throws is not touched. */
async function* watched<Item>(items: AsyncIterable<Item>, where: Where): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (thrown) {
    throw unread(thrown, where);
  }
}

function unread(thrown: unknown, where: Where): ReadError {
  return new ReadError({ code: "file-unread", ...where, message: messageOf(thrown) });
}
