import { UsageError } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import type { LineCodec } from "../../load/line.ts";
import { ReadWindow } from "../read-window.ts";
import { Sightings } from "../sightings.ts";
import type { FollowOptions, SinkWatch } from "../sink.ts";
import { AppendedBytes } from "./appended-bytes.ts";
import { peeked } from "./codings.ts";
import { type FilePlace, headBytes, placeToReadFrom } from "./file-place.ts";
import { readExportBytes } from "./observed-lines.ts";
import type { SinkFile, SinkFiles } from "./sink-files.ts";
import { untilAborted } from "./until-aborted.ts";

/**
 * Follows files: each look reads what was appended to them since the last, up to the last whole line. One that was replaced or became
 * shorter is read from its beginning, and so is one in a form that cannot be read from the middle; what was seen before is not seen for the
 * first time again.
 */
export class FileWatch extends Sightings implements SinkWatch {
  readonly #files: SinkFiles;
  readonly #codec: LineCodec;
  readonly #signal: () => AbortSignal;
  /** By path. */
  readonly #places = new Map<string, FilePlace>();
  /** What was known of the one file when it was last read. */
  #read = "";

  constructor(files: SinkFiles, codec: LineCodec, { clock, arrivals, signal }: FollowOptions) {
    super(codec, arrivals, new ReadWindow(clock));
    this.#files = files;
    this.#codec = codec;
    this.#signal = signal;
  }

  async look(): Promise<void> {
    const state = await this.#files.fileState();
    const known = state && `${state.bytes} ${state.modifiedAt}`;
    if (known !== undefined && known === this.#read) return;
    for await (const file of this.#files.all()) this.#places.set(file.path, await this.#lookAt(file));
    this.#read = known ?? "";
  }

  async #lookAt({ path, bytes, modifiedAtMs, content }: SinkFile): Promise<FilePlace> {
    const before = this.#places.get(path);
    if (before !== undefined && before.bytes === bytes && before.modifiedAtMs === modifiedAtMs) return before;
    const { head, chunks } = await peeked(untilAborted(content, this.#signal()), headBytes);
    const now = { bytes, modifiedAtMs, head };
    const { read, isWhole } = placeToReadFrom(before, now);
    const appended = new AppendedBytes(chunks, read);
    try {
      const onLine = (line: string) => this.#see(line);
      await readExportBytes(isWhole ? chunks : appended, path, this.#codec, { onLine });
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      // Its form may be told by its beginning: the next look reads all of it.
      this.#places.set(path, { ...now, bytes: -1, read: 0, isWhole: true });
      throw new ReadError({ code: "no-export", message: thrown.message });
    }
    return { ...now, isWhole, read: appended.end };
  }

  #see(line: string): void {
    if (!line.includes(this.#codec.marks.mark)) return;
    const atMs = Date.now();
    // A file keeps no times of lines: what is seen of one says nothing about clocks.
    this.see({ timestampNs: BigInt(atMs) * 1_000_000n, line }, atMs);
  }
}
