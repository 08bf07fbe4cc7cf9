import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Redactor } from "../base/redact.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import type { Ledger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { nominalTime } from "../load/line-clock.ts";
import { Journal, type JournalEvent } from "../store/journal.ts";
import { RunFolder } from "../store/run-folder.ts";
import { readBack } from "./read-back.ts";
import type { SinkReader } from "./sink.ts";

const seed = "5eed5eed";
const clock = { epochMs: 1_800_000_000_000, linesPerSecond: 10 };
const written = 5;
const ledger = { seed, clock, sources: [{ source: "app-1", written, marks: [] }] } as unknown as Ledger;
const codec = new LineCodec(seed, clock);

/** Answers every line, but leaves the third one out of its first answers, though it counts it. It has a store if it can flush. */
function omitting(answers: number, flush?: SinkReader["flush"]): SinkReader {
  let reads = 0;
  return {
    kind: "memory",
    selector: "everything",
    lateCopiesMs: 0,
    read: async (_, onEntry) => {
      reads++;
      const sequences = [0, 1, 2, 3, 4, 5].filter((sequence) => reads > answers || sequence !== 3);
      for (const sequence of sequences) {
        const { seconds, nanoseconds } = nominalTime(clock, sequence);
        const timestampNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        onEntry({ timestampNs, line: codec.encode("app-1", sequence), stream: {} });
      }
      return { entries: sequences.length, counted: 6, streams: 1, foreign: [], queries: 1 };
    },
    countAnyOf: async ({ texts }) => texts.length,
    ...(flush && { flush }),
  };
}

describe("reading back from a sink whose answers do not fit its counts", () => {
  let dir: TempDir;
  let events: JournalEvent[];
  beforeEach(async () => {
    dir = await tempDir("everyline-test-");
    events = [];
  });
  afterEach(() => dir[Symbol.asyncDispose]());

  async function readFrom(sink: SinkReader) {
    const folder = await RunFolder.create(dir.path, "run");
    const journal = new Journal(folder.file("journal.ndjson"), new Redactor(), (event) => events.push(event));
    return readBack({ sink, ledger, folder, journal }, new AbortController().signal);
  }

  it("reads once where they fit", async () => {
    const { readings, failure, remarks } = await readFrom(omitting(0));
    expect({ failure, remarks }).toEqual({ failure: null, remarks: [] });
    expect(readings.map(({ entries }) => entries)).toEqual([6, 6]);
    expect(events.map(({ event }) => event)).toEqual(["read", "read"]);
  });

  it("reads again until they do, and tells of it", async () => {
    const { readings, failure, remarks } = await readFrom(omitting(2));
    expect(failure).toBeNull();
    expect(readings.map(({ observation }) => observation.deliveredCount())).toEqual([written, written]);
    const problem = { code: "counted-unanswered", sink: "memory", lines: 1 };
    expect(remarks).toEqual([{ code: "read-again", reading: "before-flush", problem }]);
    expect(events.map(({ event }) => event)).toEqual(["read-again", "read-again", "read", "read"]);
  });

  const never = Number.POSITIVE_INFINITY;
  const problem = { code: "counted-unanswered", sink: "memory", lines: 1 };

  it("knows nothing where they never do", async () => {
    const { readings, setAside, failure } = await readFrom(omitting(never));
    expect({ readings, setAside, failure }).toEqual({ readings: [], setAside: null, failure: problem });
    expect(events.map(({ event }) => event)).toEqual(["read-again", "read-again"]);
  });

  it("sets the reading of the memory aside where they fit after a flush alone", async () => {
    const { readings, setAside, failure } = await readFrom(omitting(3, async () => undefined));
    expect(readings.map(({ reading, entries }) => [reading, entries])).toEqual([["after-flush", 6]]);
    expect({ setAside, failure }).toEqual({ setAside: { reading: "before-flush", problem }, failure: null });
  });

  it("knows nothing where they do not fit after a flush either", async () => {
    const { readings, failure } = await readFrom(omitting(never, async () => undefined));
    expect({ readings, failure }).toEqual({ readings: [], failure: problem });
  });

  it("knows nothing where it was not flushed, since both readings would be of its memory", async () => {
    const { readings, failure } = await readFrom(omitting(3, async () => ({ aheadMs: 20_000 })));
    expect({ readings, failure }).toEqual({ readings: [], failure: problem });
  });
});
