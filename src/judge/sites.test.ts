import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { type Observation, observationFor } from "./observation.ts";
import type { RecordedOffsets } from "./recorded.ts";
import { judgeSites } from "./sites.ts";

/** A line of a source. */
type LineName = [source: string, sequence: number];

/** A record of the first site's topic; its offset is its place among those of its partition. */
interface Stored {
  partition: number;
  line: LineName;
}

/** A lost site, told in lines instead of texts. */
interface Loss {
  ledger: Ledger;
  lostAtMs: number;
  /** What the first site's topic holds after its return. */
  topic: Stored[];
  acknowledged: [partition: number, end: number][];
  /** What the second site had at the failover, and in the end. */
  inSecond: LineName[];
  final: LineName[];
  isOneCluster?: boolean;
  /** How far the one cluster went at the failover; all of the topic if absent, nothing told if null. */
  endsAtFailover?: RecordedOffsets | null;
}

const clock = { epochMs: 0, linesPerSecond: 10 };
const codec = new LineCodec("seed", clock);
const sentinel: LineName = ["a", 0];

/** Sources whose line `n` was written by 1,000 ms times `n`. */
function ledgerOf(written: Record<string, number>): Ledger {
  const sources = Object.entries(written).map(([source, written]) => ({
    source,
    written,
    marks: Array.from({ length: written + 1 }, (_, line): [number, number] => [line, line * 1_000]),
  }));
  return { schema: "everyline/ledger@1", seed: "seed", clock, sources };
}

function lines(source: string, from: number, to: number): LineName[] {
  return Array.from({ length: to - from + 1 }, (_, index) => [source, from + index]);
}

function holding(ledger: Ledger, names: LineName[]): Observation {
  const observation = observationFor(ledger);
  for (const [source, sequence] of names) observation.add(codec.encode(source, sequence));
  return observation;
}

function offsetsOf(topic: Stored[]): RecordedOffsets {
  return [0, 1].map((partition) => {
    const records = topic.filter((record) => record.partition === partition);
    return { partition, low: "0", high: `${records.length}` };
  });
}

function judge(loss: Loss) {
  const { ledger, lostAtMs, topic, isOneCluster = false, endsAtFailover } = loss;
  const ends = new Map(loss.acknowledged);
  const next = [0, 0];
  const acknowledged = topic.filter(({ partition }) => next[partition]!++ < (ends.get(partition) ?? 0));
  return judgeSites({
    ledger,
    lostAtMs,
    recorded: {
      entries: loss.inSecond.length,
      acknowledged: loss.acknowledged.map(([partition, end]) => ({ partition, end: `${end}` })),
      isOneCluster,
      offsets: endsAtFailover === undefined ? offsetsOf(topic) : endsAtFailover,
    },
    failover: {
      observation: holding(ledger, loss.inSecond),
      acknowledged: holding(
        ledger,
        acknowledged.map(({ line }) => line),
      ),
    },
    topicOffsets: offsetsOf(topic),
    final: holding(ledger, loss.final),
  });
}

describe("judgeSites", () => {
  const ledger = ledgerOf({ a: 20, b: 20 });
  const first = lines("a", 1, 10);
  const other = lines("b", 1, 10);
  const topic: Stored[] = [sentinel, ...first]
    .map((line): Stored => ({ partition: 0, line }))
    .concat(other.map((line) => ({ partition: 1, line })));
  /** Lines 1 to 10 of both sources were acknowledged, and all were written by the loss. */
  const loss: Loss = {
    ledger,
    lostAtMs: 9_999,
    topic,
    acknowledged: [
      [0, 11],
      [1, 10],
    ],
    inSecond: [...first, ...other],
    final: [...first, ...other],
  };
  const without = (names: LineName[], missing: LineName[]) =>
    names.filter(([source, sequence]) => !missing.some(([s, n]) => s === source && n === sequence));

  it("finds no loss where the second site has all that was acknowledged", () => {
    expect(judge(loss)).toEqual({
      rpoSeconds: 0,
      isUpperBound: false,
      acknowledged: 20,
      missing: 0,
      returned: 0,
      unacknowledged: 0,
      unacknowledgedReturned: 0,
    });
  });

  it("measures from before the first missing line to after the last, of the source where that is longest", () => {
    const missing: LineName[] = [...lines("a", 8, 9), ["b", 3], ["b", 7]];
    const final = without(loss.final, [["b", 7]]);
    expect(judge({ ...loss, inSecond: without(loss.inSecond, missing), final })).toMatchObject({
      // b: from the mark of line 2 to that of line 7; a: from 7 to 9.
      rpoSeconds: 5,
      isUpperBound: false,
      acknowledged: 20,
      missing: 4,
      returned: 3,
    });
    const onlyFirst = { ...loss, inSecond: without(loss.inSecond, [["a", 3]]) };
    expect(judge(onlyFirst)).toMatchObject({ rpoSeconds: 1, missing: 1, returned: 1 });
  });

  it("does not count as acknowledged what lies in the topic behind the last acknowledgement", () => {
    const sites = judge({
      ...loss,
      acknowledged: [[0, 9]],
      inSecond: lines("a", 1, 8),
      final: [...lines("a", 1, 9), ...lines("b", 1, 4)],
    });
    expect(sites).toMatchObject({ rpoSeconds: 0, isUpperBound: false, acknowledged: 8, missing: 0 });
    // Lines 9 and 10 of a, and all ten of b.
    expect(sites).toMatchObject({ unacknowledged: 12, unacknowledgedReturned: 5 });
  });

  it("leaves out what was written after the loss", () => {
    const sites = judge({ ...loss, lostAtMs: 11_500, final: [...lines("a", 1, 20), ...other] });
    expect(sites).toMatchObject({
      acknowledged: 20,
      missing: 0,
      unacknowledged: 4,
      unacknowledgedReturned: 2,
    });
  });

  const incomplete: [string, Partial<Loss>][] = [
    ["the topic ends before an acknowledged end", { acknowledged: [[0, 12]] }],
    ["the topic lacks an acknowledged partition", { acknowledged: [[7, 1]] }],
    ["the one cluster did not tell how far it went", { isOneCluster: true, endsAtFailover: null }],
    [
      "the one cluster had lost acknowledged records at the failover",
      { isOneCluster: true, endsAtFailover: [{ partition: 0, low: "0", high: "11" }] },
    ],
  ];
  it.each(incomplete)("counts all that was written before the loss as acknowledged where %s", (_, how) => {
    const inSecond = without(loss.inSecond, lines("b", 5, 10));
    expect(judge({ ...loss, lostAtMs: 8_999, inSecond, ...how })).toMatchObject({
      isUpperBound: true,
      rpoSeconds: expect.closeTo("acknowledged" in how ? 5 : 6),
      unacknowledged: 0,
      unacknowledgedReturned: 0,
    });
  });

  it("takes what was acknowledged from the first of two clusters, whatever the second says", () => {
    const told = { isOneCluster: false, endsAtFailover: null };
    expect(judge({ ...loss, ...told })).toMatchObject({ isUpperBound: false, missing: 0 });
    const one = { ...loss, isOneCluster: true };
    expect(judge(one)).toMatchObject({ isUpperBound: false, missing: 0 });
  });
});

describe("judgeSites, beside a slow oracle", () => {
  const written = 12;
  const names: LineName[] = [...lines("a", 0, written), ...lines("b", 0, written)];
  const some = fc.subarray(names);
  const losses = fc.record({
    ledger: fc.tuple(fc.nat(written), fc.nat(written)).map(([a, b]) => ledgerOf({ a, b })),
    lostAtMs: fc.integer({ min: 0, max: (written + 1) * 1_000 }),
    topic: fc.array(fc.record({ partition: fc.nat(1), line: fc.constantFrom(...names) }), { maxLength: 40 }),
    acknowledged: fc.uniqueArray(fc.tuple(fc.nat(1), fc.nat(20)), { selector: ([partition]) => partition }),
    inSecond: some,
    final: some,
    isOneCluster: fc.boolean(),
    endsAtFailover: fc.option(
      fc.tuple(fc.nat(20), fc.nat(20)).map((highs) => {
        return highs.map((high, partition) => ({ partition, low: "0", high: `${high}` }));
      }),
    ),
  });

  /** The same by plain lists, straight from the definitions. */
  function slowly({ ledger, lostAtMs, topic, acknowledged, inSecond, final, ...cluster }: Required<Loss>) {
    const has = (all: LineName[], [source, sequence]: LineName) =>
      all.some((name) => name[0] === source && name[1] === sequence);
    const endOf = (partition: number) => acknowledged.find(([of]) => of === partition)?.[1] ?? 0;
    const isComplete = [0, 1].every((partition) => {
      const end = endOf(partition);
      const inCluster = cluster.endsAtFailover?.find((one) => one.partition === partition)?.high;
      const inTopic = topic.filter((record) => record.partition === partition).length;
      return (
        inTopic >= end && (!cluster.isOneCluster || (inCluster !== undefined && Number(inCluster) >= end))
      );
    });
    const known = [0, 1].flatMap((partition) => {
      return topic.filter((record) => record.partition === partition).slice(0, endOf(partition));
    });
    const all = ledger.sources.flatMap(({ source, written }) => lines(source, 1, written));
    // Lines that may have been written in time, because the line before them was.
    const inTime = all.filter(([, sequence]) => (sequence - 1) * 1_000 <= lostAtMs);
    const ours = all.filter((name) => {
      const isKnown = known.some(({ line }) => line[0] === name[0] && line[1] === name[1]);
      return isKnown || (!isComplete && has(inTime, name));
    });
    const missing = ours.filter((name) => !has(inSecond, name));
    const open = inTime.filter((name) => !has(ours, name) && !has(inSecond, name));
    const windows = ["a", "b"].map((source) => {
      const sequences = missing.filter((name) => name[0] === source).map(([, sequence]) => sequence);
      if (sequences.length === 0) return 0;
      return Math.max(...sequences) - Math.min(...sequences) + 1;
    });
    return {
      rpoSeconds: Math.max(...windows),
      isUpperBound: !isComplete,
      acknowledged: ours.length,
      missing: missing.length,
      returned: missing.filter((name) => has(final, name)).length,
      unacknowledged: open.length,
      unacknowledgedReturned: open.filter((name) => has(final, name)).length,
    };
  }

  it("agrees with it", () => {
    fc.assert(
      fc.property(losses, (given) => {
        // An acknowledged end of 0 is none, and without an end of any kind there is nothing to judge.
        const acknowledged = given.acknowledged.filter(([, end]) => end > 0);
        fc.pre(!given.isOneCluster || given.endsAtFailover !== null || acknowledged.length > 0);
        expect(judge({ ...given, acknowledged })).toEqual(slowly({ ...given, acknowledged }));
      }),
      { numRuns: 300 },
    );
  });
});
