import type { LineCodec } from "../../load/line.ts";
import type { ReadWindow } from "../read-window.ts";
import { Sightings } from "../sightings.ts";
import type { ArrivalRecorder, SinkWatch } from "../sink.ts";
import { containing } from "./filters.ts";
import type { VictoriaLogsClient } from "./victorialogs-client.ts";

/**
 * Lines become readable up to two seconds after they were acknowledged, and not in order of their times. So each poll begins this long
 * before the newest line that was seen.
 */
const overlapNs = 10_000_000_000n;
/** A poll queries the time since then in slices of this length, so that answers stay small when there is much to catch up with. */
const sliceNs = 60_000_000_000n;
/** The maximum number of lines in one poll; the next poll continues after them. */
const linesPerLook = 250_000;
const lookMs = 5_000;

/** What a watch reads, and what it updates. */
export interface VictoriaLogsWatchOptions {
  client: VictoriaLogsClient;
  selector: string;
  codec: LineCodec;
  arrivals: ArrivalRecorder;
  window: ReadWindow;
  /** How many sources there are, each with a sentinel. */
  sources: number;
}

/** Follows VictoriaLogs: all streams at once, from a little before the newest line that was seen. */
export class VictoriaLogsWatch extends Sightings implements SinkWatch {
  readonly #options: VictoriaLogsWatchOptions;
  readonly #startedAtMs = Date.now();
  #newestNs: bigint | undefined;

  constructor(options: VictoriaLogsWatchOptions) {
    super(options.codec, options.arrivals, options.window);
    this.#options = options;
  }

  async look(): Promise<void> {
    const { client, selector, codec, window, sources } = this.#options;
    const nowMs = Date.now();
    const untilMs = nowMs + lookMs;
    const isSearch = this.sentinels.size < sources;
    const { startNs, endNs } = isSearch
      ? window.search(nowMs, nowMs - this.#startedAtMs)
      : window.near(nowMs);
    const filter = `${selector} ${containing(codec.marks.mark)}`;
    const seenNs = isSearch ? undefined : this.#newestNs;
    let fromNs = seenNs === undefined || seenNs - overlapNs < startNs ? startNs : seenNs - overlapNs;
    // While sentinels are being searched there are only few lines, so the whole range is queried at once.
    const stepNs = isSearch ? endNs - startNs : sliceNs;
    for (let lines = 0; fromNs < endNs && lines < linesPerLook && Date.now() < untilMs; fromNs += stepNs) {
      const isLast = fromNs + stepNs >= endNs;
      const range = { startNs: fromNs, endNs: isLast ? endNs : fromNs + stepNs };
      const entries = await client.entries(filter, range);
      const atMs = Date.now();
      for (const entry of entries) this.see(entry, atMs);
      lines += entries.length;
      const newestNs = entries.at(-1)?.timestampNs;
      if (newestNs !== undefined && (this.#newestNs === undefined || newestNs > this.#newestNs)) {
        this.#newestNs = newestNs;
        this.lastMovedAtMs = atMs;
      }
    }
  }
}
