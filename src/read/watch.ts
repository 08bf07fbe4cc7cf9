import type { LineCodec } from "../load/line.ts";
import type { Arrivals } from "./arrivals.ts";
import type { LokiClient, Stream } from "./loki-client.ts";

interface Cursor {
  stream: Stream;
  /** The newest line seen has this time; the next look starts here again, as further lines may have the same. */
  timestampNs: bigint;
}

const maxPagesPerLook = 50;
/** As many as Loki answers at once unless told otherwise: `max_entries_limit_per_query`. */
const pageLines = 5_000;
const clockSkewMs = 3_600_000;
const nanosPerMs = 1_000_000n;

/**
 * Follows a running pipeline: each `look` reads what came since the last, stream by stream. It is how a run knows progress,
 * latency and when all has arrived; it is not evidence of what is lost, since a line that arrives behind the newest of its
 * stream is passed over.
 */
export class Watch {
  readonly #client: LokiClient;
  readonly #selector: string;
  readonly #codec: LineCodec;
  readonly #arrivals: Arrivals;
  readonly #startNs: bigint;
  readonly #cursors = new Map<string, Cursor>();
  #sentinels = new Set<string>();
  #lastMovedAtMs = Date.now();

  /** @param arrivals is told of every line seen; lines older than its epoch's clock, `startMs`, are not looked for */
  constructor(client: LokiClient, selector: string, codec: LineCodec, arrivals: Arrivals, startMs: number) {
    this.#client = client;
    this.#selector = selector;
    this.#codec = codec;
    this.#arrivals = arrivals;
    this.#startNs = BigInt(startMs) * nanosPerMs;
  }

  /** The sources whose sentinel could be read. */
  get sentinels(): ReadonlySet<string> {
    return this.#sentinels;
  }

  /** When a line, or a further copy of one, last came, in Unix milliseconds. */
  get lastMovedAtMs(): number {
    return this.#lastMovedAtMs;
  }

  /**
   * Reads what is new.
   *
   * @throws ReadError if Loki does not answer; the next look goes on where this one stopped
   */
  async look(): Promise<void> {
    const endNs = BigInt(Date.now() + clockSkewMs) * nanosPerMs;
    for (const stream of await this.#client.streams(this.#selector, { startNs: this.#startNs, endNs })) {
      const key = JSON.stringify(stream.labels);
      const timestampNs = this.#cursors.get(key)?.timestampNs ?? this.#startNs;
      const cursor = { stream, timestampNs };
      this.#cursors.set(key, cursor);
      await this.#follow(cursor, endNs);
    }
  }

  async #follow(cursor: Cursor, endNs: bigint): Promise<void> {
    for (let page = 0; page < maxPagesPerLook; page++) {
      const range = { startNs: cursor.timestampNs, endNs };
      const { entries, isFull } = await this.#client.entries(cursor.stream, range, pageLines);
      const atMs = Date.now();
      for (const { line } of entries) this.#see(line, atMs);
      const newestNs = entries.at(-1)?.timestampNs ?? cursor.timestampNs;
      const hasMoved = newestNs > cursor.timestampNs;
      if (hasMoved) this.#lastMovedAtMs = atMs;
      cursor.timestampNs = newestNs;
      if (!isFull || !hasMoved) return;
    }
  }

  #see(line: string, atMs: number): void {
    const identity = this.#codec.decode(line);
    if (identity === undefined) return;
    if (identity.sequence === 0) this.#sentinels.add(identity.source);
    else if (this.#arrivals.add(identity.source, identity.sequence, atMs)) this.#lastMovedAtMs = atMs;
  }
}
