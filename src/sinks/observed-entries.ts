import type { ObservedFile } from "../store/observed-file.ts";
import type { Labels, ObservedEntry } from "./sink.ts";

/** Writes what was read of a sink into a file, a line for each entry. */
export class ObservedEntries {
  readonly #file: ObservedFile;
  /** The last stream, because most entries come stream by stream. */
  #stream: Labels | undefined;
  #streamJson = "";

  constructor(file: ObservedFile) {
    this.#file = file;
  }

  add(entry: ObservedEntry): void {
    const { stream, timestampNs, raw } = entry;
    if (raw === undefined || timestampNs === undefined) {
      this.#file.add({ stream, timestamp: timestampNs?.toString(), line: entry.line });
      return;
    }
    if (stream !== this.#stream) {
      this.#stream = stream;
      this.#streamJson = JSON.stringify(stream);
    }
    this.#file.addAround(`{"stream":${this.#streamJson},"timestamp":"${timestampNs}","line":`, raw, "}");
  }
}
