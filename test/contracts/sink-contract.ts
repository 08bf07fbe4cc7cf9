import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ReadError } from "../../src/base/read-error.ts";
import { LineCodec } from "../../src/load/line.ts";
import { nominalTime } from "../../src/load/line-clock.ts";
import { randomSeed } from "../../src/load/seed.ts";
import type { Stack } from "../../src/places/place.ts";
import { createSink } from "../../src/sinks/create-sink.ts";
import type { ObservedEntry, Sink } from "../../src/sinks/sink.ts";

/** What not every sink keeps: the time of a line, the labels of a stream, how many lines it took in, a count of a run's lines. */
type Lack = "time" | "labels" | "received" | "count";

/** A sink that runs, in a stack of its own. */
export interface SinkUnderTest {
  stack: Stack;
  /** What it does not keep, and must not claim to. */
  lacks?: readonly Lack[];
  /** Whether its lines can be read while its process is down. */
  outlivesProcess?: boolean;
  /** What of the label `filename` is in the name of a stream; all of it if absent. */
  nameOf?: (filename: string) => string;
  /** Puts lines into one stream, as a shipper does; resolves once they are acknowledged. */
  push(labels: Record<string, string>, values: [timestamp: string, line: string][]): Promise<void>;
  /** Ends the sink's process. */
  stop(): Promise<void>;
  /** Removes everything that runs for it. */
  remove(): Promise<unknown>;
}

type Value = [timestamp: string, line: string];

/** What a look needs until it sees what was acknowledged. */
const lookDeadlineMs = 15_000;

/** Lines of one run in streams of its own, and the sink that reads them. */
class History {
  readonly seed = randomSeed();
  readonly clock = { epochMs: Date.now() - 60_000, linesPerSecond: 1_000 };
  readonly codec = new LineCodec(this.seed, this.clock);
  readonly sink: Sink;
  readonly #run: SinkUnderTest;

  constructor(run: SinkUnderTest) {
    this.#run = run;
    this.sink = createSink({ stack: run.stack, seed: this.seed, signal: new AbortController().signal });
  }

  doesLack(what: Lack): boolean {
    return this.#run.lacks?.includes(what) ?? false;
  }

  /** A line and the time that it carries. */
  value(sequence: number, laterNs = 0n): Value {
    const { seconds, nanoseconds } = nominalTime(this.clock, sequence);
    const timestamp = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds) + laterNs;
    return [`${timestamp}`, this.codec.encode("app-1", sequence)];
  }

  values(from: number, to: number): Value[] {
    return Array.from({ length: to - from + 1 }, (_, index) => this.value(from + index));
  }

  async put(values: Value[], filename = "app-1"): Promise<void> {
    for (let first = 0; first < values.length; first += 5_000)
      await this.#run.push(
        { job: "logs", filename: `/${this.seed}/${filename}.log` },
        values.slice(first, first + 5_000),
      );
  }

  async read() {
    const entries: ObservedEntry[] = [];
    const extent = await this.sink.read(this, (entry) => entries.push(entry));
    return { entries, extent, lines: entries.map(({ line }) => line) };
  }
}

/**
 * What every sink promises whoever reads it.
 *
 * @param start brings the sink up, with a selector that matches `{job="logs"}`
 */
export function sinkContract(name: string, start: () => Promise<SinkUnderTest>): void {
  describe(name, () => {
    let run: SinkUnderTest;
    beforeAll(async () => {
      run = await start();
    });
    afterAll(async () => {
      await run?.remove();
    });

    it("gives back each line byte for byte, with its time and its stream, oldest first", async () => {
      const history = new History(run);
      const values = history.values(0, 300);
      await history.put(values);
      const { entries, extent, lines } = await history.read();
      expect(lines).toEqual(values.map(([, line]) => line));
      expect(entries.map(({ timestampNs }) => timestampNs)).toEqual(
        values.map(([timestamp]) => (history.doesLack("time") ? undefined : BigInt(timestamp))),
      );
      const filename = `/${history.seed}/app-1.log`;
      expect(entries[0]!.stream).toEqual(
        history.doesLack("labels")
          ? { file: expect.stringContaining(run.nameOf!(filename)) }
          : expect.objectContaining({ job: "logs", filename }),
      );
      expect(extent).toMatchObject({ entries: 301, counted: 301, streams: 1 });
    });

    it("gives back texts that need escapes as they were put in", async () => {
      const history = new History(run);
      const texts = [
        '"quoted" \\ \\n',
        "tab\tand\u0001 \u001b[31mred\u001b[0m",
        "žluť 🚀 \u2028",
        " spaces ",
        "{}[]`'$%",
      ];
      const first = history.value(0);
      const odd = texts.map((text, index): Value => [`${BigInt(first[0]) + BigInt(index) + 1n}`, text]);
      await history.put([first, ...odd]);
      const { lines } = await history.read();
      expect(lines).toEqual([first[1], ...texts]);
      for (const text of texts)
        expect(await history.sink.countAnyOf({ texts: [text], are: "whole" }), text).toBeGreaterThan(0);
    });

    it("gives back copies with other times as often as they were put in", async () => {
      const history = new History(run);
      await history.put([...history.values(0, 20), history.value(7, 1n), history.value(7, 2n)]);
      const { lines, extent } = await history.read();
      expect(lines.filter((line) => line === history.value(7)[1])).toHaveLength(3);
      expect(extent).toMatchObject({ entries: 23, counted: 23 });
    });

    it("gives back different lines of one nanosecond, all of them", async () => {
      const history = new History(run);
      const [timestamp] = history.value(0);
      const values = history.values(0, 50).map(([, line]): Value => [timestamp, line]);
      await history.put(values);
      const { lines } = await history.read();
      expect(lines.toSorted()).toEqual(values.map(([, line]) => line).toSorted());
    });

    it("reads more lines than one answer holds, in the order of time", async () => {
      const history = new History(run);
      const values = history.values(0, 55_000);
      await history.put(values);
      const { lines, extent } = await history.read();
      expect(lines.length).toBe(values.length);
      expect(lines.every((line, index) => line === values[index]![1])).toBe(true);
      expect(extent.counted).toBe(values.length);
    });

    it("leaves streams without a line of the run out, and names them", async () => {
      const history = new History(run);
      const [timestamp] = history.value(0);
      await history.put(history.values(0, 10));
      await history.put([[timestamp, "somebody else's"]], "other");
      const { entries, extent } = await history.read();
      expect(entries).toHaveLength(11);
      expect(extent.streams).toBe(1);
      const filename = `/${history.seed}/other.log`;
      const name = run.nameOf?.(filename) ?? filename;
      expect(extent.foreign.filter((stream) => stream.includes(name))).toHaveLength(1);
    });

    it("tells streams apart of which one has all labels of the other, and one more", async () => {
      const history = new History(run);
      const filename = `/${history.seed}/app-1.log`;
      await run.push({ job: "logs", filename }, history.values(0, 5));
      await run.push({ job: "logs", filename, level: "info" }, history.values(6, 10));
      const { entries, extent } = await history.read();
      const streams = [...Map.groupBy(entries, ({ stream }) => JSON.stringify(stream)).values()];
      const further = streams.find(({ length }) => length === 5)!;
      expect(further.map(({ line }) => line)).toEqual(history.values(6, 10).map(([, line]) => line));
      if (!history.doesLack("labels"))
        expect(further.every(({ stream }) => stream.level === "info")).toBe(true);
      expect(extent).toMatchObject({ entries: 11, counted: 11, streams: 2 });
    });

    it("finds a stream that was not there when it was asked the same before", async () => {
      const history = new History(run);
      expect((await history.read()).lines).toEqual([]);
      await history.put(history.values(0, 100));
      expect((await history.read()).lines).toHaveLength(101);
    });

    it("counts lines that are equal, and none that only contain the text", async () => {
      const history = new History(run);
      await history.put(history.values(0, 10));
      await history.read();
      const line = history.value(5)[1];
      const count = (texts: string[], are: "whole" | "parts") => history.sink.countAnyOf({ texts, are });
      expect(await count([line, history.value(6)[1]], "whole")).toBe(2);
      expect(await count([line.slice(0, -1), line.slice(1), history.value(11)[1]], "whole")).toBe(0);
      expect(await count([line.slice(1, -1), history.value(11)[1]], "parts")).toBe(1);
    });

    it("counts the lines of one run among those of others, with copies, without reading them", async () => {
      const history = new History(run);
      const other = new History(run);
      if (history.doesLack("count")) return expect(history.sink.countOf).toBeUndefined();
      await other.put(other.values(0, 30), "app-1");
      expect(await history.sink.countOf!(history)).toBe(0);
      await history.put([...history.values(0, 20), history.value(7, 1n)], "app-1");
      await history.put(history.values(21, 30), "app-2");
      expect(await history.sink.countOf!(history)).toBe(32);
      expect(await other.sink.countOf!(other)).toBe(31);
    });

    it("tells the same once it has written everything to its store", async () => {
      const history = new History(run);
      await history.put(history.values(0, 500));
      const before = await history.read();
      await history.sink.flush?.();
      expect((await history.read()).lines).toEqual(before.lines);
    });

    it("reports sentinels, lines and altered texts to whoever follows it", async () => {
      const history = new History(run);
      const seen = new Set<number>();
      const arrivals = {
        add: (_: string, sequence: number) => !seen.has(sequence) && seen.add(sequence) !== undefined,
      };
      const { signal } = new AbortController();
      const watch = history.sink.follow({ clock: history.clock, arrivals, sources: 1, signal: () => signal });
      await history.put(history.values(0, 100));
      const [timestamp, line] = history.value(101);
      await history.put([[timestamp, line.replace("Test", "Best")]]);
      for (const untilMs = Date.now() + lookDeadlineMs; Date.now() < untilMs; ) {
        await watch.look();
        if (seen.size === 100 && watch.altered !== undefined) break;
      }
      expect([...watch.sentinels]).toEqual(["app-1"]);
      expect(seen.size).toBe(100);
      expect(watch.altered).toContain("Best log 101");
    });

    it("finds lines of others in a stream of the run", async () => {
      const history = new History(run);
      const { signal } = new AbortController();
      const arrivals = { add: () => true };
      const watch = history.sink.follow({ clock: history.clock, arrivals, sources: 1, signal: () => signal });
      await history.put([...history.values(0, 10), [history.value(11)[0], "somebody else's"]]);
      while (watch.sentinels.size === 0) await watch.look();
      await expect(history.sink.findForeign()).resolves.toMatchObject({
        shared: { lines: 1, sample: "somebody else's" },
      });
    });

    it("counts what it took in", async () => {
      const history = new History(run);
      const before = await history.sink.totals(Number.POSITIVE_INFINITY);
      await history.put(history.values(0, 99));
      if (history.doesLack("received")) return expect(before.received).toBeUndefined();
      await expect
        .poll(async () => (await history.sink.totals(Number.POSITIVE_INFINITY)).received, { timeout: 10_000 })
        .toBe(before.received! + 100);
    });

    it("says that nothing is known when it is gone", { timeout: 120_000 }, async () => {
      const history = new History(run);
      await history.put(history.values(0, 10));
      const { signal } = new AbortController();
      const watch = history.sink.follow({
        clock: history.clock,
        arrivals: { add: () => true },
        sources: 1,
        signal: () => signal,
      });
      expect(await history.sink.isReady()).toBe(true);
      await run.stop();
      if (run.outlivesProcess) {
        expect((await history.read()).lines).toHaveLength(11);
        expect(await history.sink.isReady()).toBe(true);
        await run.remove();
      }
      await expect(history.read()).rejects.toThrow(ReadError);
      await expect(watch.look()).rejects.toThrow(ReadError);
      expect(await history.sink.isReady()).toBe(false);
    });
  });
}
