import { UsageError } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import { codecFor, type LineCodec } from "../../load/line.ts";
import type { SinkKind } from "../../pipeline/sink-kind.ts";
import type { ObservedEntry, ReadExtent, SinkReader, SoughtTexts, WantedLines } from "../sink.ts";
import { anyOf } from "../sought-texts.ts";
import { decoded } from "./codings.ts";
import {
  BrokenExportError,
  type ExportListener,
  failureOf,
  type ReadExport,
  readExportBytes,
} from "./observed-lines.ts";
import { MarkCounter } from "./run-marks.ts";
import type { SinkFiles } from "./sink-files.ts";
import { untilAborted } from "./until-aborted.ts";

/** What files are read with. */
export interface FileReadingOptions {
  files: SinkFiles;
  /** Only lines with this text are read and counted; all if absent. */
  lineFilter: string | undefined;
  signal: AbortSignal;
}

/** What is known of a file before its lines are read. */
interface Surveyed {
  path: string;
  modifiedAtMs: number;
  bytes: number;
  /** Whether a line of the run begins or ends in it. */
  isOwn: boolean;
}

/**
 * Reads everything of a run from files, with the reader that `everyline verify` has: in any form that it knows, each file in one. A file is
 * a stream. The marks of the run's lines are counted in the bytes as well, by what knows nothing of forms: if there are more than the reader
 * has passed on, it has left a line out, and nothing is known.
 */
export class FileReading implements SinkReader {
  readonly kind: SinkKind = "file";
  /** Programs write what they buffer after a second: the OpenTelemetry Collector's `flush_interval`, Fluent Bit's `flush`. */
  readonly lateCopiesMs = 2_000;
  readonly #options: FileReadingOptions;
  /** What the last read read. */
  #read: { codec: LineCodec; paths: string[] } | undefined;

  constructor(options: FileReadingOptions) {
    this.#options = options;
  }

  get selector(): string {
    return this.#options.files.path;
  }

  async read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void): Promise<ReadExtent> {
    const codec = codecFor(wanted);
    const surveyed = await this.#survey(codec);
    // A file that was rotated away was written to before the one that took its name.
    const own = surveyed
      .filter(({ isOwn }) => isOwn)
      .sort((one, other) => one.modifiedAtMs - other.modifiedAtMs || (one.path < other.path ? -1 : 1));
    const { lineFilter } = this.#options;
    let entries = 0;
    for (const file of own) {
      const stream = { file: file.path };
      await this.#readFile(file, codec, (line) => {
        if (lineFilter !== undefined && !line.includes(lineFilter)) return;
        entries++;
        onEntry({ timestampNs: undefined, line, stream });
      });
    }
    this.#read = { codec, paths: own.map(({ path }) => path) };
    const foreign = surveyed.filter(({ isOwn, bytes }) => !isOwn && bytes > 0).map(({ path }) => path);
    // Where its bytes have more lines than were passed on, reading has failed.
    return { entries, counted: entries, streams: own.length, foreign, queries: surveyed.length + own.length };
  }

  /** Reads every file once, whatever the number of texts. */
  async countAnyOf(sought: SoughtTexts): Promise<number> {
    const { codec, paths } = this.#read ?? { codec: undefined, paths: [] };
    const isSought = anyOf(sought);
    let found = 0;
    for (const path of paths)
      await this.#decode(path, codec!, {
        onLine: (text) => {
          if (isSought(text)) found++;
        },
      });
    return found;
  }

  /**
   * Which files hold lines of a run, by their bytes alone.
   *
   * @throws ReadError if one cannot be read
   */
  async #survey(codec: LineCodec): Promise<Surveyed[]> {
    const surveyed: Surveyed[] = [];
    for await (const file of this.#options.files.all()) {
      const { path, bytes, modifiedAtMs } = file;
      const marks = counterFor(codec);
      await readable(path, async () => {
        const { chunks } = await decoded(untilAborted(file.content, this.#options.signal), path);
        for await (const chunk of chunks) marks.push(chunk);
      });
      const { heads, tails } = marks.endAll();
      surveyed.push({ path, bytes, modifiedAtMs, isOwn: heads + tails > 0 });
    }
    return surveyed;
  }

  /** @throws ReadError if not all of its lines were passed on */
  async #readFile(
    { path, bytes }: Surveyed,
    codec: LineCodec,
    onLine: (line: string) => void,
  ): Promise<void> {
    const [inBytes, inTexts] = [counterFor(codec), counterFor(codec)];
    const { form, oversizedLines } = await this.#decode(path, codec, {
      onBytes: (chunk) => inBytes.push(chunk),
      onLine(text) {
        inTexts.pushText(text);
        onLine(text);
      },
      leastBytes: bytes,
    });
    const [there, passed] = [inBytes.endLines(), inTexts.endAll()];
    if (there.heads <= passed.heads && there.tails <= passed.tails) return;
    throw new ReadError({
      code: "lines-left-out",
      file: path,
      form,
      beginnings: there.heads,
      ends: there.tails,
      readBeginnings: passed.heads,
      readEnds: passed.tails,
      oversized: oversizedLines,
    });
  }

  /** @throws ReadError if it cannot be read to its end, or not as an export */
  async #decode(
    path: string,
    codec: LineCodec,
    { leastBytes = 0, ...listener }: Decoding,
  ): Promise<ReadExport> {
    return this.#options.files.read(path, ({ bytes, content }) => {
      if (bytes < leastBytes)
        throw new ReadError({ code: "file-shorter", file: path, bytes, before: leastBytes });
      return readable(path, () =>
        readExportBytes(untilAborted(content, this.#options.signal), path, codec, listener),
      );
    });
  }
}

/** Who is told of a file while it is decoded, and how long it has to be at the least. */
type Decoding = ExportListener & { leastBytes?: number };

function counterFor({ seed, written }: LineCodec): MarkCounter {
  return new MarkCounter(seed, written !== undefined);
}

/** What keeps `verify` from reading an export keeps a run from knowing what is in it. */
async function readable<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    const failure = failureOf(thrown, path, 0);
    if (failure instanceof UsageError || failure instanceof BrokenExportError)
      throw new ReadError({ code: "no-export", message: failure.message });
    throw failure;
  }
}
