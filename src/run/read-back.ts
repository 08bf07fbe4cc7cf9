import { check } from "../check/check.ts";
import { type Observation, observationFor } from "../check/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { oldestMs } from "../load/line-clock.ts";
import { pause } from "../pause.ts";
import { readLoki } from "../read/loki.ts";
import type { LokiClient, TimeRange } from "../read/loki-client.ts";
import { ReadError } from "../read/read-error.ts";
import type { Journal } from "./journal.ts";
import { ObservedFile, type RunFolder } from "./run-folder.ts";

const clockSkewMs = 60_000;
const nanosPerMs = 1_000_000n;
/** A batch that was sent twice has come within a batchwait. */
const holdMs = 1_000;

/** How many missing lines Loki is asked for where it counts more than it answers, and how many at a time. */
const maxAskedFor = 20_000;
const linesPerQuestion = 20;

/** The readings of a run, in their order; each is a file `observed-READING.jsonl` of its folder. */
export const readings = ["before-flush", "after-flush"] as const;

/** What to read, and where to. */
export interface ReadBackOptions {
  client: LokiClient;
  /** The instances that hold lines in memory. */
  writers: LokiClient[];
  selector: string;
  ledger: Ledger;
  folder: RunFolder;
  journal: Journal;
  signal: AbortSignal;
}

/** What was read, and why it may not be the truth. */
export interface ReadBackResult {
  /** One a reading that was completed. */
  observations: Observation[];
  doubts: string[];
}

/**
 * Reads everything from Loki, has it write its chunks to the store, and reads everything again: lines in the ingester's memory
 * and lines from the store come by different ways, and both must tell the same. Between the readings there is time for
 * duplicates that come late.
 */
export async function readBack(options: ReadBackOptions): Promise<ReadBackResult> {
  const observations: Observation[] = [];
  const holdUntilMs = Date.now() + holdMs;
  try {
    for (const reading of readings) {
      if (reading === "after-flush") {
        await Promise.all(options.writers.map((writer) => writer.flush()));
        await pause(Math.max(0, holdUntilMs - Date.now()), options.signal);
      }
      observations.push(await readOnce(options, reading));
    }
    return { observations, doubts: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { observations, doubts: [`Not everything could be read back. ${thrown.message}`] };
  }
}

/**
 * Reads everything once.
 *
 * @param reading what the file of this reading is called after
 * @throws ReadError if not everything could be read
 */
export async function readOnce(
  options: Omit<ReadBackOptions, "writers">,
  reading: string,
): Promise<Observation> {
  const { client, selector, ledger, folder, journal } = options;
  const observation = observationFor(ledger);
  const range = {
    startNs: BigInt(oldestMs(ledger.clock) - clockSkewMs) * nanosPerMs,
    endNs: BigInt(Date.now() + clockSkewMs) * nanosPerMs,
  };
  const file = new ObservedFile(folder.observed(reading));
  try {
    const extent = await readLoki(client, selector, range, ({ stream, timestampNs, line }) => {
      file.add({ stream, timestamp: `${timestampNs}`, line });
      observation.add(line);
    });
    observation.hiddenCopies = extent.counted - extent.entries;
    if (observation.hiddenCopies > 0) await assertAllAnswered(client, selector, range, ledger, observation);
    journal.add("read", { reading, ...extent });
    return observation;
  } finally {
    file.close();
  }
}

/**
 * Loki counts more lines than it answers: copies of answered lines, if it counts none of the lines that are missing.
 *
 * @throws ReadError if it does count some, or there are too many to ask for
 */
async function assertAllAnswered(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  ledger: Ledger,
  observation: Observation,
): Promise<void> {
  const { lost, counts } = check(ledger, observation);
  if (counts.lost > maxAskedFor) {
    throw new ReadError(
      `Loki counts ${observation.hiddenCopies} more lines than it answers, and ${counts.lost} are missing.`,
    );
  }
  const lines = lost.flatMap(({ source, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => observation.codec.encode(source, from + index)),
  );
  for (let first = 0; first < lines.length; first += linesPerQuestion) {
    const found = await client.countEqual(selector, range, lines.slice(first, first + linesPerQuestion));
    if (found > 0) throw new ReadError(`Loki counts ${found} lines that it did not answer.`);
  }
}
