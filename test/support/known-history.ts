import type { Bounds } from "../../src/guarantees/claim.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import { LineCodec } from "../../src/load/line.ts";
import { nominalTime } from "../../src/load/line-clock.ts";
import { randomSeed } from "../../src/load/seed.ts";

/** Lines that were put into Loki, and the truth about them. */
export interface KnownHistory {
  ledger: Ledger;
  selector: string;
  bounds: Bounds;
  truth: { written: number; lost: number; duplicated: number };
  /** A line that is in Loki once, and its name. */
  single: { source: string; name: string; line: string };
}

/** Which sequences of each source are left out, and which are put in twice. */
export interface Harm {
  lost: number[];
  doubled: number[];
}

const sources = ["app-1", "app-2"];
const linesPerSource = 3_000;
const linesPerSecond = 1_500;
const entriesPerPush = 2_000;
const agoMs = 60_000;
/** A sequence that no history harms. */
const single = 2_000;

/** Puts 6,000 lines of two sources into Loki as its clients do, in streams of their own. */
export async function putHistory(
  loki: string,
  job: string,
  harm: Harm,
  bounds: Bounds,
): Promise<KnownHistory> {
  const clock = { epochMs: Date.now() - agoMs, linesPerSecond };
  const seed = randomSeed();
  const codec = new LineCodec(seed, clock);
  for (const source of sources) {
    const values: [string, string][] = [];
    for (let sequence = 0; sequence <= linesPerSource; sequence++) {
      if (harm.lost.includes(sequence)) continue;
      const { seconds, nanoseconds } = nominalTime(clock, sequence);
      const timestampNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      const line = codec.encode(source, sequence);
      values.push([`${timestampNs}`, line]);
      if (harm.doubled.includes(sequence)) values.push([`${timestampNs + 1n}`, line]);
    }
    for (let first = 0; first < values.length; first += entriesPerPush)
      await push(loki, { job, source }, values.slice(first, first + entriesPerPush));
  }
  const writtenAtMs = Date.now();
  const [source] = sources as [string];
  return {
    ledger: {
      schema: "everyline/ledger@1",
      seed,
      clock,
      sources: sources.map((source) => ({
        source,
        written: linesPerSource,
        marks: [
          [0, clock.epochMs],
          [linesPerSource, writtenAtMs],
        ],
      })),
    },
    selector: `{job="${job}"}`,
    bounds,
    truth: {
      written: linesPerSource * sources.length,
      lost: harm.lost.length * sources.length,
      duplicated: harm.doubled.length * sources.length,
    },
    single: { source, name: `${source}/${single}`, line: codec.encode(source, single) },
  };
}

async function push(loki: string, stream: Record<string, string>, values: [string, string][]): Promise<void> {
  const response = await fetch(`${loki}/loki/api/v1/push`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ streams: [{ stream, values }] }),
  });
  if (response.status !== 204) throw new Error(`Loki answered ${response.status}: ${await response.text()}`);
}
