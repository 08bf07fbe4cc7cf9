import type { Ledger } from "../../src/load/ledger.ts";
import { LineCodec } from "../../src/load/line.ts";
import { nominalTime } from "../../src/load/line-clock.ts";
import { randomSeed } from "../../src/load/seed.ts";
import type { Bounds } from "../../src/pipeline/bounds.ts";

/** Lines that were pushed into Loki, and the correct result for them. */
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
const agoMs = 60_000;
/** A sequence that no history damages. */
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
    const sequences = Array.from({ length: linesPerSource + 1 }, (_, sequence) => sequence);
    const values = sequences.flatMap((sequence) => {
      if (harm.lost.includes(sequence)) return [];
      const [timestampNs, line] = timedLine(codec, source, sequence);
      const copies = harm.doubled.includes(sequence) ? [timestampNs, timestampNs + 1n] : [timestampNs];
      return copies.map((copyNs): [string, string] => [`${copyNs}`, line]);
    });
    await push(loki, { job, source }, values);
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

/**
 * Pushes the first lines of each source again, with the same times. Loki does not recognise lines that it has already stored: it
 * returns such a line once, and counts it twice.
 */
export async function putAgain(
  loki: string,
  job: string,
  { ledger }: KnownHistory,
  lines: number,
): Promise<void> {
  const codec = new LineCodec(ledger.seed, ledger.clock);
  for (const source of sources) {
    const values = Array.from({ length: lines }, (_, index): [string, string] => {
      const [timestampNs, line] = timedLine(codec, source, index + 1);
      return [`${timestampNs}`, line];
    });
    await push(loki, { job, source }, values);
  }
}

function timedLine(codec: LineCodec, source: string, sequence: number): [timestampNs: bigint, line: string] {
  const { seconds, nanoseconds } = nominalTime(codec.clock, sequence);
  return [BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds), codec.encode(source, sequence)];
}

async function push(loki: string, stream: Record<string, string>, values: [string, string][]): Promise<void> {
  const response = await fetch(`${loki}/loki/api/v1/push`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ streams: [{ stream, values }] }),
  });
  if (response.status !== 204) throw new Error(`Loki answered ${response.status}: ${await response.text()}`);
}
