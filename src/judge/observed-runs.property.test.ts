import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { check } from "./check.ts";
import { ExportObservation } from "./export-observation.ts";
import { joinLedgers } from "./joined-ledgers.ts";
import { ObservedRuns } from "./observed-runs.ts";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
const written = 20;

/** What a process on a host wrote, and what was exported there. */
interface Host {
  name: string;
  ledger: Ledger;
  texts: string[];
}

function hostOf(seed: string, source: string): Host {
  const codec = new LineCodec(seed, clock);
  const torn = [{ sequence: 5, bytes: seed === "one" ? 4 : 90 }];
  return {
    name: `${seed}-${source}.json`,
    ledger: { schema: "everyline/ledger@1", seed, clock, sources: [{ source, written, marks: [], torn }] },
    texts: Array.from({ length: written }, (_, index) => codec.encode(source, index + 1)),
  };
}

/** Three runs, of which one was written by three processes, and none of whose seeds is of one length with all others. */
const hosts = [
  hostOf("one", "a"),
  hostOf("one", "b"),
  hostOf("one", "a.b"),
  hostOf("two", "a"),
  hostOf("on", "one"),
];
const texts = hosts.flatMap((host) => host.texts);
const fromOther = fc.constantFrom(
  "an alien",
  "",
  texts[0]!.slice(0, 4),
  texts[0]!.slice(0, 60),
  texts[3]!.slice(0, 90),
  texts[0]! + texts[70]!,
  texts[25]!.replace("Test", "Tset"),
  new LineCodec("three", clock).encode("a", 1),
);

/** Hosts whose exports lack some lines, have some again, in another order, and have other texts between them. */
const damagedHosts = fc
  .tuple(
    fc.array(fc.nat(texts.length), { maxLength: 10 }),
    fc.array(fc.tuple(fc.nat(hosts.length - 1), fc.nat(written)), { maxLength: 10 }),
    fc.array(fc.tuple(fc.nat(hosts.length - 1), fc.nat(written), fromOther), { maxLength: 10 }),
  )
  .map(([lost, repeated, added]) => {
    const gone = new Set(lost.map((index) => texts[index]));
    const damaged = hosts.map((host) => ({ ...host, texts: host.texts.filter((text) => !gone.has(text)) }));
    for (const [host, place] of repeated) {
      const { texts } = damaged[host]!;
      if (texts.length > 0) texts.splice(place, 0, texts[(place * 7) % texts.length]!);
    }
    for (const [host, place, text] of added) damaged[host]!.texts.splice(place, 0, text);
    return damaged;
  });

function findingsOf(ledgers: readonly Host[], exports: readonly Host[]) {
  const joined = joinLedgers(ledgers);
  if ("conflict" in joined) throw new Error(joined.conflict);
  const observed = new ObservedRuns(joined);
  for (const { texts } of exports) for (const text of texts) observed.add(text);
  const { counts, lost, duplicated } = observed.findings();
  return { counts, lost, duplicated };
}

describe("runs that several hosts wrote", () => {
  it("come to the same in any order of their ledgers and of their exports", () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    fc.assert(
      fc.property(damagedHosts, order, order, (damaged, ledgerOrder, exportOrder) => {
        const found = findingsOf(
          ledgerOrder.map((index) => damaged[index]!),
          exportOrder.map((index) => damaged[index]!),
        );
        // Lines that came back in the export of another host may be before or behind those of their own host.
        expect({ ...found, counts: { ...found.counts, reordered: 0 } }).toEqual({
          ...findingsOf(damaged, damaged),
          counts: { ...findingsOf(damaged, damaged).counts, reordered: 0 },
        });
      }),
    );
  });

  it("come to the sum of each run by itself", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(texts.length), { maxLength: 30 }), (lost) => {
        const gone = new Set(lost.map((index) => texts[index]));
        const damaged = hosts.map((host) => ({
          ...host,
          texts: host.texts.filter((text) => !gone.has(text)).toReversed(),
        }));
        const { counts } = findingsOf(damaged, damaged);
        const alone = damaged.map(({ ledger, texts }) => {
          const observation = new ExportObservation(ledger);
          for (const text of texts) observation.add(text);
          return check(ledger, observation.best).counts;
        });
        for (const kind of ["written", "delivered", "lost", "reordered", "unexpected"] as const)
          expect(counts[kind]).toBe(alone.reduce((sum, each) => sum + each[kind], 0));
      }),
    );
  });

  it("name each source with the seed of its run", () => {
    const without = hosts.map((host) => ({ ...host, texts: host.texts.slice(1) }));
    expect(findingsOf(without, without).lost.map(({ source }) => source)).toEqual([
      "on/one",
      "one/a",
      "one/a.b",
      "one/b",
      "two/a",
    ]);
  });

  it("are refused if two ledgers tell of the same lines, or of one run in two ways", () => {
    const [one, other] = [hosts[0]!, hosts[1]!];
    const conflictOf = (ledger: Ledger) => joinLedgers([one, { name: "other.json", ledger }]);
    expect(conflictOf(one.ledger)).toEqual({
      conflict: expect.stringContaining("source a of seed one is in one-a.json and in other.json"),
    });
    const faster = { ...other.ledger, clock: { ...clock, linesPerSecond: 51 } };
    expect(conflictOf(faster)).toEqual({ conflict: expect.stringContaining("not the same clock") });
    const templated = { ...other.ledger, line: { template: "x {line}" } };
    expect(conflictOf(templated)).toEqual({
      conflict: expect.stringContaining("not the same clock or template"),
    });
    expect(joinLedgers([one])).toEqual([one.ledger]);
  });

  it("choose the run for an export whose lines stand at its beginning", () => {
    const joined = joinLedgers(hosts);
    const observed = new ObservedRuns(joined as Ledger[]);
    const seedFor = (texts: string[]) => observed.codecFor(Buffer.from(texts.join("\n"))).seed;
    expect(seedFor(hosts[3]!.texts)).toBe("two");
    expect(seedFor(["an alien", ...hosts[0]!.texts.slice(0, 3), hosts[3]!.texts[0]!])).toBe("one");
    expect(seedFor(["an alien"])).toBe("on");
  });
});
