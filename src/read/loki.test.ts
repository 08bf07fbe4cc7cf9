import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readLoki, slicesOf } from "./loki.ts";
import { type Labels, LokiClient } from "./loki-client.ts";
import { ReadError } from "./read-error.ts";

it("slices a range without a gap or an overlap", () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 19n),
      fc.bigInt(1n, 10n ** 15n),
      fc.integer({ min: 0, max: 500 }),
      (startNs, length, count) => {
        const slices = slicesOf({ startNs, endNs: startNs + length }, count);
        expect(slices).toHaveLength(Math.max(1, count));
        expect(slices[0]!.startNs).toBe(startNs);
        expect(slices.at(-1)!.endNs).toBe(startNs + length);
        for (const [index, slice] of slices.slice(1).entries())
          expect(slice.startNs).toBe(slices[index]!.endNs);
      },
    ),
  );
});

const nanosPerMs = 1_000_000n;
const rangeMs = 20;
/** Now, so to speak: the ranges below begin here. */
const epochNs = 1_700_000_000_000n * nanosPerMs;
const range = { startNs: epochNs, endNs: epochNs + BigInt(rangeMs) * nanosPerMs };

/** A line that a Loki holds. */
interface Held {
  labels: Labels;
  timestampNs: bigint;
  line: string;
}

/** The streams of a test; the second has the labels of the first and more, and the third is a shard of the second. */
const streams: Labels[] = [{ job: "logs" }, { job: "logs", level: "info" }];
streams.push({ ...streams[1], __stream_shard__: "0" });

/**
 * What `readLoki` asks of a Loki, answered from a list, with a defect of Loki's: a line that a question begins with is left out if
 * its time is a whole millisecond.
 */
class ListedLoki {
  held: Held[] = [];
  limit = 1;
  /** The first selector of every query. */
  readonly selectors: string[] = [];
  readonly #server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://loki");
    const data = this.#answer(pathname, Object.fromEntries(searchParams));
    response.end(typeof data === "string" ? data : JSON.stringify({ status: "success", data }));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.close();
  }

  client(): LokiClient {
    const { port } = this.#server.address() as AddressInfo;
    return new LokiClient({
      baseUrl: async () => `http://127.0.0.1:${port}`,
      signal: () => new AbortController().signal,
      timeoutMs: 5_000,
      retries: 0,
    });
  }

  #answer(path: string, asked: Record<string, string>): unknown {
    if (path === "/config") return `limits_config:\n  max_entries_limit_per_query: ${this.limit}\n`;
    const selected = this.#select(asked.query ?? asked["match[]"]!);
    if (path === "/loki/api/v1/query") {
      const [, windowMs] = /\[(\d+)ms\]/.exec(asked.query!)!;
      const toNs = BigInt(asked.time!);
      const fromNs = toNs - BigInt(windowMs!) * nanosPerMs;
      const { length } = selected.filter((held) => held.timestampNs > fromNs && held.timestampNs <= toNs);
      return { resultType: "vector", result: length === 0 ? [] : [{ value: [0, `${length}`] }] };
    }
    const [startNs, endNs] = [BigInt(asked.start!), BigInt(asked.end!)];
    const inRange = selected.filter((held) => held.timestampNs >= startNs && held.timestampNs < endNs);
    if (path === "/loki/api/v1/series") return inRange.map(({ labels }) => labels);
    const answered = inRange
      .filter((held) => held.timestampNs !== startNs || startNs % nanosPerMs !== 0n)
      .sort((one, other) => Number(one.timestampNs - other.timestampNs))
      .slice(0, Number(asked.limit));
    const result = [...Map.groupBy(answered, ({ labels }) => labels)].map(([stream, values]) => {
      return { stream, values: values.map(({ timestampNs, line }) => [`${timestampNs}`, line]) };
    });
    return { resultType: "streams", result };
  }

  #select(query: string): Held[] {
    const [selector] = /\{.*?\}/.exec(query)!;
    this.selectors.push(selector);
    const matchers = [...selector.matchAll(/(\w+)(!?=)"([^"]*)"/g)];
    return this.held.filter(({ labels }) =>
      matchers.every(([, name, operator, text]) => ((labels[name!] ?? "") === text) === (operator === "=")),
    );
  }
}

describe("readLoki", () => {
  const loki = new ListedLoki();
  beforeAll(() => loki.start());
  afterAll(() => loki.close());

  /** Holds lines at some times, counted in nanoseconds from the beginning of the range, each in one of the streams. */
  function hold(limit: number, places: { atNs: number; stream: number }[]): void {
    loki.limit = limit;
    loki.held = places.map(({ atNs, stream }, index) => {
      return { labels: streams[stream]!, timestampNs: epochNs + BigInt(atNs), line: `line ${index}` };
    });
  }

  async function read(): Promise<string[]> {
    const lines: string[] = [];
    const extent = await readLoki(loki.client(), '{job="logs"}', range, ({ line }) => lines.push(line));
    expect(extent).toMatchObject({ entries: lines.length, counted: lines.length });
    return lines;
  }

  const inRange = () =>
    loki.held.filter(({ timestampNs }) => timestampNs >= range.startNs && timestampNs < range.endNs);

  it("delivers each line of the range once, in whatever slices, pages and milliseconds they lie", async () => {
    const wholeMs = fc.integer({ min: -2, max: rangeMs + 1 }).map((ms) => ms * 1_000_000);
    const atNs = fc.oneof(
      { weight: 3, arbitrary: wholeMs },
      fc.integer({ min: -2_000_000, max: 21_000_000 }),
      fc.tuple(wholeMs, fc.constantFrom(-1, 1)).map(([ns, beside]) => ns + beside),
    );
    const places = fc.array(fc.record({ atNs, stream: fc.nat(2) }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 12 }), places, async (limit, places) => {
        hold(limit, places);
        const crowd = Math.max(
          0,
          ...loki.held.map(({ timestampNs: toNs }) => {
            const near = loki.held.filter(
              ({ timestampNs: ns }) => ns <= toNs && ns >= toNs - 2n * nanosPerMs,
            );
            return near.length;
          }),
        );
        fc.pre(crowd < limit);
        expect((await read()).sort()).toEqual(
          inRange()
            .map(({ line }) => line)
            .sort(),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("delivers the lines of a stream in the order of their times", async () => {
    hold(
      4,
      Array.from({ length: rangeMs }, (_, ms) => ({ atNs: ms * 1_000_000, stream: 0 })),
    );
    expect(await read()).toEqual(loki.held.map(({ line }) => line));
  });

  it("says so where more lines lie in a millisecond than Loki answers at once", async () => {
    hold(
      3,
      Array.from({ length: 4 }, () => ({ atNs: 5_000_000, stream: 0 })),
    );
    await expect(read()).rejects.toThrow(ReadError);
    await expect(read()).rejects.toThrow(/3 or more lines .* lie in one millisecond/);
  });

  it("never asks the same twice", async () => {
    hold(
      5,
      Array.from({ length: 15 }, (_, ms) => ({ atNs: ms * 1_000_000, stream: ms % 3 })),
    );
    loki.selectors.length = 0;
    await read();
    await read();
    expect(loki.selectors.length).toBeGreaterThan(10);
    expect(new Set(loki.selectors).size).toBe(loki.selectors.length);
  });
});
