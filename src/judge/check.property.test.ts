import fc from "fast-check";
import { expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { check, type SequenceRange } from "./check.ts";
import type { Counts } from "./counts.ts";
import type { DamageKind } from "./damage.ts";
import { observationFor } from "./observation.ts";

/*
 * Histories are written, damaged at random by mutations that know their effect, read back, and judged twice: by `check`, and by an
 * oracle that keeps every text in a map and every damage with its kind. Both must agree to the line.
 */

const seed = "seed-1";
const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 500 };
const codec = new LineCodec(seed, clock);
const otherRun = new LineCodec("seed-2", clock);
const mark = `${seed}/`;
const maxWritten = 40;

/** One text that comes back: a line of the run, or what a mutation made and says it is. */
interface Entry {
  text: string;
  damage?: DamageKind;
}
type History = Entry[];
type Mutation = (history: History) => History;

interface KnownLine {
  source: string;
  sequence: number;
  copies: number;
}

/** Every line that any history here may hold, by its text, whether it was written or not. */
function everyLine(sources: string[]): Map<string, KnownLine> {
  const sequences = Array.from({ length: maxWritten }, (_, index) => index + 1);
  return new Map(
    sources.flatMap((source) =>
      sequences.map((sequence) => [codec.encode(source, sequence), { source, sequence, copies: 0 }] as const),
    ),
  );
}

/** What a crash left of a line. */
interface Left {
  source: string;
  sequence: number;
  bytes: number;
}

/** Every text that the first bytes of a line may be read as. */
function formsOf({ source, sequence, bytes }: Left): string[] {
  const beginning = Buffer.from(codec.encode(source, sequence)).subarray(0, bytes);
  const isText = (length: number) => !beginning.toString("utf8", 0, length).includes("\uFFFD");
  const cut = [0, 1, 2, 3].find((cut) => isText(bytes - cut))!;
  const whole = beginning.toString("utf8", 0, bytes - cut);
  return cut === 0 ? [whole] : [1, 2, 3].slice(0, cut).map((count) => whole + "\uFFFD".repeat(count));
}

/** How many of some texts are what crashes left, each crash explaining one text at the most: the most that is possible. */
function explainedBy(left: Left[], texts: string[]): number {
  const forms = left.map(formsOf);
  const textOf = new Map<number, number>();
  const explain = (text: number, tried: Set<number>): boolean =>
    forms.some((texts_, crash) => {
      if (tried.has(crash) || !texts_.includes(texts[text]!)) return false;
      tried.add(crash);
      const other = textOf.get(crash);
      if (other !== undefined && !explain(other, tried)) return false;
      textOf.set(crash, text);
      return true;
    });
  return texts.filter((_, text) => explain(text, new Set())).length;
}

interface Truth {
  counts: Counts;
  lost: string[];
  /** How many of what crashes left came back. */
  arrived: number;
}

function oracle(written: Record<string, number>, history: History, left: Left[]): Truth {
  const explicable = new Set(left.flatMap(formsOf));
  const ofCrashes = history.filter(({ text, damage }) => damage !== undefined && explicable.has(text));
  const others = history.filter((entry) => !ofCrashes.includes(entry));
  const arrived = explainedBy(
    left,
    ofCrashes.map(({ text }) => text),
  );
  const { counts, lost } = oracleOfLines(written, others);
  return { counts: { ...counts, duplicated: counts.duplicated + ofCrashes.length - arrived }, lost, arrived };
}

function oracleOfLines(
  written: Record<string, number>,
  history: History,
): { counts: Counts; lost: string[] } {
  const lines = everyLine(Object.keys(written));
  const wasWritten = ({ source, sequence }: KnownLine) => sequence <= written[source]!;
  const damaged = (kind: DamageKind) => history.filter(({ damage }) => damage === kind).length;
  let reordered = 0;
  let beyond = 0;
  const earlier: KnownLine[] = [];
  for (const { text, damage } of history) {
    if (damage !== undefined) continue;
    const line = lines.get(text)!;
    const isLate = earlier.some(({ source, sequence }) => source === line.source && sequence > line.sequence);
    if (!wasWritten(line)) beyond++;
    else if (line.copies === 0 && isLate) reordered++;
    line.copies++;
    earlier.push(line);
  }
  const all = [...lines.values()].filter(wasWritten);
  const lost = all.filter(({ copies }) => copies === 0);
  const counts: Counts = {
    written: all.length,
    delivered: all.length - lost.length,
    lost: lost.length,
    duplicated: all.reduce((sum, { copies }) => sum + Math.max(0, copies - 1), 0),
    reordered,
    corrupted: damaged("corrupted"),
    truncated: damaged("truncated"),
    merged: damaged("merged"),
    unexpected: damaged("unexpected") + beyond,
    late: 0,
  };
  return { counts, lost: lost.map(({ source, sequence }) => `${source}/${sequence}`) };
}

function keysOf(ranges: SequenceRange[]): string[] {
  return ranges.flatMap(({ source, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${source}/${from + index}`),
  );
}

/** A place in a list or text, as a fraction, so that it fits any length. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (fraction: number, length: number) => Math.floor(fraction * length);

/** Replaces one intact line of the history, if one is left, by what a damage makes of it. */
function onLine(fraction: number, damaged: (text: string) => Entry[]): Mutation {
  return (history) => {
    const intact = history.flatMap(({ damage }, index) => (damage === undefined ? index : []));
    const index = intact[at(fraction, intact.length)];
    return index === undefined ? history : history.toSpliced(index, 1, ...damaged(history[index]!.text));
  };
}

const corrupted = (text: string): Entry[] => [{ text, damage: "corrupted" }];

/** What a torn line leaves: a fragment says what it is as long as one whole mark of the run is in it. */
function beginning(text: string, length: number): Entry {
  const piece = text.slice(0, length);
  return { text: piece, damage: piece.includes(mark) ? "truncated" : "unexpected" };
}

function end(text: string, length: number): Entry {
  const piece = text.slice(text.length - length);
  return { text: piece, damage: piece.includes(mark) ? "truncated" : "unexpected" };
}

/** Cuts leave at least one character on either side. */
const cutAt = (fraction: number, text: string) => 1 + at(fraction, text.length - 1);

/** A mutation that a failing property can print. */
function named<T>(
  name: string,
  values: fc.Arbitrary<T>,
  make: (values: T) => Mutation,
): fc.Arbitrary<Mutation> {
  return values.map((value) =>
    Object.assign(make(value), { [fc.toStringMethod]: () => `${name} ${fc.stringify(value)}` }),
  );
}

const positional: fc.Arbitrary<Mutation> = fc.oneof(
  named("drop a block", fc.tuple(place, place), ([from, count]) => (history) => {
    const start = at(from, history.length);
    return history.toSpliced(start, at(count, (history.length - start) / 2));
  }),
  named(
    "drop every k-th",
    fc.integer({ min: 2, max: 9 }),
    (k) => (history) => history.filter((_, index) => (index + 1) % k !== 0),
  ),
  named(
    "drop a source",
    fc.constantFrom("a", "b.c"),
    (source) => (history) =>
      history.filter(({ text, damage }) => damage !== undefined || codec.decode(text)?.source !== source),
  ),
  named(
    "repeat",
    fc.tuple(place, place, fc.integer({ min: 1, max: 4 })),
    ([from, to, copies]) =>
      (history) => {
        const entry = history[at(from, history.length)];
        if (entry === undefined) return history;
        return history.toSpliced(at(to, history.length), 0, ...Array.from({ length: copies }, () => entry));
      },
  ),
  named("put one in place of another", fc.tuple(place, place), ([lost, doubled]) => (history) => {
    const entry = history[at(doubled, history.length)];
    return entry === undefined ? history : history.toSpliced(at(lost, history.length), 1, entry);
  }),
  named("swap", fc.tuple(place, place), ([one, other]) => (history) => {
    const [first, second] = [at(one, history.length), at(other, history.length)];
    return history.map((entry, index) =>
      index === first ? history[second]! : index === second ? history[first]! : entry,
    );
  }),
  named("rotate a block", fc.tuple(place, place), ([from, by]) => (history) => {
    const start = at(from, history.length);
    const block = history.slice(start);
    const turn = at(by, block.length);
    return [...history.slice(0, start), ...block.slice(turn), ...block.slice(0, turn)];
  }),
);

const byteDamage: fc.Arbitrary<Mutation> = fc.oneof(
  named("flip a bit", fc.tuple(place, place, fc.nat(7)), ([line, byte, bit]) =>
    onLine(line, (text) => {
      const bytes = Buffer.from(text);
      bytes[at(byte, bytes.length)]! ^= 1 << bit;
      return corrupted(bytes.toString("utf8"));
    }),
  ),
  named("spoil UTF-8", fc.tuple(place, place), ([line, byte]) =>
    onLine(line, (text) => {
      const bytes = Buffer.from(text);
      bytes[at(byte, bytes.length)] = 0xff;
      return corrupted(bytes.toString("utf8"));
    }),
  ),
  named("add a carriage return", place, (line) => onLine(line, (text) => corrupted(`${text}\r`))),
  named("keep the beginning", fc.tuple(place, place), ([line, cut]) =>
    onLine(line, (text) => [beginning(text, cutAt(cut, text))]),
  ),
  named("keep the end", fc.tuple(place, place), ([line, cut]) =>
    onLine(line, (text) => [end(text, cutAt(cut, text))]),
  ),
  named("split", fc.tuple(place, place), ([line, cut]) =>
    onLine(line, (text) => [beginning(text, cutAt(cut, text)), end(text, text.length - cutAt(cut, text))]),
  ),
);

/**
 * The beginning of one line and the end of another, each cut inside its message. Where that reads as one of the two with the
 * name of the other at one end, nothing can tell it from a changed name.
 */
function torn(one: string, cut: number, other: string, otherCut: number): Entry {
  const inMessage = (text: string, fraction: number) => {
    const from = text.indexOf("Test log ");
    return from + at(fraction, text.lastIndexOf('","end"') - from);
  };
  const text = one.slice(0, inMessage(one, cut)) + other.slice(inMessage(other, otherCut));
  const nameOf = (line: string): string => JSON.parse(line).id;
  const renamed = [
    one.replace(`${nameOf(one)}"}`, `${nameOf(other)}"}`),
    other.replace(nameOf(other), nameOf(one)),
  ];
  return { text, damage: renamed.includes(text) ? "corrupted" : "merged" };
}

const mergeDamage: fc.Arbitrary<Mutation> = fc.oneof(
  named("join lines", fc.tuple(place, fc.integer({ min: 1, max: 3 })), ([line, count]) => (history) => {
    const start = at(line, history.length);
    const run = history.slice(start, start + 1 + count);
    if (run.length < 2 || run.some(({ damage }) => damage !== undefined)) return history;
    return history.toSpliced(start, run.length, {
      text: run.map(({ text }) => text).join(""),
      damage: "merged",
    });
  }),
  named(
    "tear two lines and join the outer ends",
    fc.tuple(place, place, place),
    ([line, cut, otherCut]) =>
      (history) => {
        const start = at(line, history.length);
        const [one, other] = history.slice(start, start + 2);
        if (one === undefined || other === undefined || one.text === other.text) return history;
        if (one.damage !== undefined || other.damage !== undefined) return history;
        return history.toSpliced(start, 2, torn(one.text, cut, other.text, otherCut));
      },
  ),
  named("add text in front", fc.tuple(place, fc.constantFrom("x", "2026-01-01 stdout F ")), ([line, more]) =>
    onLine(line, (text) => [{ text: more + text, damage: "merged" }]),
  ),
);

const identityDamage: fc.Arbitrary<Mutation> = fc.oneof(
  named(
    "change a number",
    fc.tuple(place, fc.constantFrom("head", "tail", "both", "message"), fc.nat(9)),
    ([line, where, digit]) =>
      onLine(line, (text) => {
        const places = {
          head: /(?<=^\{"id":"[^"]*\/)\d+/,
          tail: /\d+(?="\}$)/,
          both: /(?<=^\{"id":"[^"]*\/)\d+|\d+(?="\}$)/g,
          message: /(?<=log )\d+/,
        };
        return corrupted(text.replace(places[where], (number) => `${number}${digit}`));
      }),
  ),
  named("change a source", fc.tuple(place, fc.constantFrom("a", "b.c", "zz")), ([line, name]) =>
    onLine(line, (text) => {
      const changed = text.replace(/(?<=^\{"id":"seed-1\/)[^/]+/, name);
      return changed === text ? [{ text }] : corrupted(changed);
    }),
  ),
  named("put another run's line in its place", place, (line) =>
    onLine(line, (text) => {
      const { source, sequence } = codec.decode(text)!;
      return [{ text: otherRun.encode(source, sequence), damage: "unexpected" }];
    }),
  ),
  named(
    "add an alien",
    fc.tuple(
      place,
      fc.constantFrom("", " ", "an alien line", '{"level":"info","message":"Test log 3"}', "\uFFFD"),
    ),
    ([line, text]) =>
      (history) =>
        history.toSpliced(at(line, history.length + 1), 0, { text, damage: "unexpected" }),
  ),
);

const damaging = fc.oneof(byteDamage, mergeDamage, identityDamage);

const written = fc.record({ a: fc.nat(maxWritten), "b.c": fc.nat(25), "app-1": fc.nat(12) });
const mutations = fc.array(fc.oneof(positional, damaging), { maxLength: 12 });

/** All lines, the sources interleaved. */
function historyOf(counts: Record<string, number>): History {
  const longest = Math.max(...Object.values(counts));
  return Array.from({ length: longest }, (_, index) => index + 1).flatMap((sequence) =>
    Object.entries(counts).flatMap(([source, count]) =>
      sequence <= count ? { text: codec.encode(source, sequence) } : [],
    ),
  );
}

const crash = fc.record({
  source: fc.constantFrom("a", "b.c", "app-1"),
  line: place,
  // Often so short that it could be the beginning of any line.
  cut: fc.oneof(place, fc.constant(0.01)),
  form: fc.nat(2),
  hasArrived: fc.boolean(),
});

type Crash = typeof crash extends fc.Arbitrary<infer Value> ? Value : never;

/** What crashes leave of written lines, or of the next one, and a history in which some of it comes before the line itself. */
function tear(written: Record<string, number>, crashes: Crash[]): { history: History; left: Left[] } {
  let history = historyOf(written);
  const left: Left[] = [];
  for (const { source, line, cut, form, hasArrived } of crashes) {
    const sequence = 1 + at(line, written[source]! + 1);
    const text = codec.encode(source, sequence);
    const torn = { source, sequence, bytes: 1 + at(cut, Buffer.byteLength(text) - 1) };
    left.push(torn);
    if (!hasArrived) continue;
    const forms = formsOf(torn);
    const index = history.findIndex((entry) => entry.text === text);
    const entry: Entry = { text: forms[form % forms.length]!, damage: "truncated" };
    history = history.toSpliced(index === -1 ? history.length : index, 0, entry);
  }
  return { history, left };
}

function expectAgreement(written: Record<string, number>, history: History, left: Left[] = []): void {
  const sources = Object.entries(written).map(([source, count]) => ({
    source,
    written: count,
    marks: [],
    torn: left.filter((torn) => torn.source === source).map(({ sequence, bytes }) => ({ sequence, bytes })),
  }));
  const ledger: Ledger = { schema: "everyline/ledger@1", seed, clock, sources };
  const observation = observationFor(ledger);
  for (const { text } of history) observation.add(text);
  const findings = check(ledger, observation);
  const truth = oracle(written, history, left);
  expect(findings.counts).toEqual(truth.counts);
  expect(findings.torn.filter(({ arrived }) => arrived)).toHaveLength(truth.arrived);
  expect(findings.torn).toHaveLength(left.length);
  expect(keysOf(findings.lost)).toEqual(truth.lost);
}

it("agrees with the oracle about every damaged history", () => {
  fc.assert(
    fc.property(written, mutations, (counts, steps) => {
      expectAgreement(
        counts,
        steps.reduce((history, mutate) => mutate(history), historyOf(counts)),
      );
    }),
    { numRuns: 2_000 },
  );
});

it("agrees with the oracle when the ledger is shorter or longer than what was written", () => {
  fc.assert(
    fc.property(written, written, mutations, (counts, others, steps) => {
      expectAgreement(
        others,
        steps.reduce((history, mutate) => mutate(history), historyOf(counts)),
      );
    }),
    { numRuns: 1_000 },
  );
});

it("agrees with the oracle about every single damage", () => {
  fc.assert(
    fc.property(damaging, (mutate) => {
      const counts = { a: 3, "b.c": 2, "app-1": 1 };
      expectAgreement(counts, mutate(historyOf(counts)));
    }),
    { numRuns: 3_000 },
  );
});

it("agrees with the oracle about every history with crashes of the application", () => {
  fc.assert(
    fc.property(written, fc.array(crash, { maxLength: 8 }), mutations, (counts, crashes, steps) => {
      const { history, left } = tear(counts, crashes);
      expectAgreement(
        counts,
        steps.reduce((history, mutate) => mutate(history), history),
        left,
      );
    }),
    { numRuns: 2_000 },
  );
});

it("accepts no other beginning of a torn line as what a crash left", () => {
  const cut = fc.double({ min: 0.4, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(cut, cut, fc.integer({ min: 1, max: 20 }), (left, read, sequence) => {
      const line = Buffer.from(codec.encode("a", sequence));
      const text = line.toString("utf8", 0, at(read, line.length));
      const torn = { source: "a", sequence, bytes: at(left, line.length) };
      expectAgreement({ a: 20 }, [{ text, damage: "truncated" }], [torn]);
    }),
    { numRuns: 1_000 },
  );
});

it("adds what is hidden to the duplicates, passes lateness on, and changes nothing else for them", () => {
  fc.assert(
    fc.property(written, mutations, fc.nat(9), fc.nat(9), (counts, steps, hidden, late) => {
      const sources = Object.entries(counts).map(([source, written]) => ({ source, written, marks: [] }));
      const ledger: Ledger = { schema: "everyline/ledger@1", seed, clock, sources };
      const observation = observationFor(ledger);
      const history = steps.reduce((history, mutate) => mutate(history), historyOf(counts));
      for (const { text } of history) observation.add(text);
      const before = check(ledger, observation).counts;
      observation.hiddenCopies = hidden;
      const after = check(ledger, observation, late).counts;
      expect(after).toEqual({ ...before, duplicated: before.duplicated + hidden, late });
    }),
    { numRuns: 200 },
  );
});
