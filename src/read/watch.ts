import { build, type Histogram } from "hdr-histogram-js";
import type { Observation } from "../check/observation.ts";
import { type Labels, type LokiClient, selectorOf, type TimeRange } from "./loki-client.ts";

/** When lines became readable, as one who keeps asking sees it. */
export interface VisibleLine {
  source: string;
  sequence: number;
  /** Unix milliseconds of the answer that first held it. */
  atMs: number;
}

interface Cursor {
  stream: Labels;
  /** The newest line seen has this time; asking starts here again, as further lines may have the same. */
  timestampNs: bigint;
}

const maxPagesPerLook = 50;
const pageLines = 1_000;
const maxLatencyMs = 86_400_000;

/**
 * Follows a running pipeline: each `look` reads what came since the last, stream by stream. It is how a run knows progress,
 * latency and when all has arrived; it is not evidence of what is lost, since a line that arrives behind the newest of its
 * stream is passed over.
 */
export class Watch {
  readonly #client: LokiClient;
  readonly #selector: string;
  readonly #observation: Observation;
  readonly #cursors = new Map<string, Cursor>();
  /** Milliseconds from a line's write to its first answer. */
  readonly latencyMs: Histogram = build({
    highestTrackableValue: maxLatencyMs,
    numberOfSignificantValueDigits: 3,
  });
  #lastMovedAtMs = Date.now();

  /** @param observation empty; holds what was seen so far */
  constructor(client: LokiClient, selector: string, observation: Observation) {
    this.#client = client;
    this.#selector = selector;
    this.#observation = observation;
  }

  /** Distinct lines that could be read so far. */
  get readable(): number {
    return this.#observation.deliveredCount();
  }

  /** When a line, or a further copy of one, last came. */
  get lastMovedAtMs(): number {
    return this.#lastMovedAtMs;
  }

  /**
   * Reads what is new.
   *
   * @param startNs where a stream's first look begins
   * @param onVisible takes each line that was not seen before
   * @throws ReadError if Loki does not answer; the next look goes on where this one stopped
   */
  async look(startNs: bigint, onVisible: (line: VisibleLine) => void): Promise<void> {
    const endNs = BigInt(Date.now() + 3_600_000) * 1_000_000n;
    for (const stream of await this.#client.series(this.#selector, { startNs, endNs })) {
      const key = selectorOf(stream);
      const cursor = this.#cursors.get(key) ?? { stream, timestampNs: startNs };
      this.#cursors.set(key, cursor);
      await this.#follow(cursor, endNs, onVisible);
    }
  }

  async #follow(cursor: Cursor, endNs: bigint, onVisible: (line: VisibleLine) => void): Promise<void> {
    for (let page = 0; page < maxPagesPerLook; page++) {
      const range: TimeRange = { startNs: cursor.timestampNs, endNs };
      const entries = await this.#client.entries(cursor.stream, range, pageLines);
      const atMs = Date.now();
      for (const { line, timestampNs } of entries) {
        if (timestampNs > cursor.timestampNs) this.#lastMovedAtMs = atMs;
        const sighting = this.#observation.add(line);
        if (sighting.kind === "first")
          onVisible({ source: sighting.source, sequence: sighting.sequence, atMs });
      }
      const newest = entries.at(-1)?.timestampNs ?? cursor.timestampNs;
      const isStuck = newest === cursor.timestampNs;
      cursor.timestampNs = newest;
      if (entries.length < pageLines || isStuck) return;
    }
  }
}
