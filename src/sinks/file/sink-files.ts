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
    return this.#areSeveral ? undefined : told(this.#instance.fileState!(this.path), this.#name);
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
    for await (const file of watched(files, this.#name)) {
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
    for await (const file of watched(this.#instance.streamFiles!(path), this.#name))
      return await use(this.#asSinkFile(file, path));
    throw new ReadError(`${path} of ${this.#name} was renamed or removed while it was read.`);
  }

  /** @throws ReadError unless the folder of the files is there: then a file that is missing was not written yet */
  async assertThere(): Promise<void> {
    const instance = this.#instance;
    if ((await told(instance.findState(), this.#name)) === undefined)
      throw new ReadError(`The container of ${this.#name} is gone: something removed it.`);
    const folder = dirname(this.path);
    if ((await told(instance.fileState!(folder), this.#name)) === undefined)
      throw new ReadError(`There is no folder ${folder} in ${this.#name}.`);
  }

  #asSinkFile(file: StreamedFile, path: string): SinkFile {
    const what = `${path} of ${this.#name}`;
    if (file.isLink) throw new ReadError(`${what} is a link; name the file that it leads to.`);
    return { ...file, path, content: watched(file.content, what) };
  }

  get #areSeveral(): boolean {
    return wildcard.test(basename(this.path));
  }

  get #name(): string {
    return this.#instances[0]?.name ?? this.#service;
  }

  get #instance(): Instance {
    const [instance, ...others] = this.#instances;
    if (instance !== undefined && others.length === 0) return instance;
    throw new ReadError(
      `The service ${this.#service} has ${this.#instances.length} containers; files can be read from one alone.`,
    );
  }
}

async function told<Answer>(answer: Promise<Answer>, what: string): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    throw unread(thrown, what);
  }
}

/** What fails on the side of the place is a read that was not completed; what whoever takes the items throws is not touched. */
async function* watched<Item>(items: AsyncIterable<Item>, what: string): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (thrown) {
    throw unread(thrown, what);
  }
}

function unread(thrown: unknown, what: string): ReadError {
  return new ReadError(`${what} could not be read: ${messageOf(thrown)}`);
}
