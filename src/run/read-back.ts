import { type Observation, observationFor } from "../check/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { pause } from "../pause.ts";
import { readLoki } from "../read/loki.ts";
import type { LokiClient } from "../read/loki-client.ts";
import { ReadError } from "../read/read-error.ts";
import type { Journal } from "./journal.ts";
import { ObservedFile, type RunFolder } from "./run-folder.ts";

const clockSkewMs = 60_000;
const nanosPerMs = 1_000_000n;
/** A batch that was sent twice has come within a batchwait. */
const holdMs = 1_000;

/** The readings of a run, in their order; each is a file `observed-READING.jsonl` of its folder. */
export const readings = ["before-flush", "after-flush"] as const;

type Reading = (typeof readings)[number];

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

async function readOnce(options: ReadBackOptions, reading: Reading): Promise<Observation> {
  const { client, selector, ledger, folder, journal } = options;
  const observation = observationFor(ledger);
  const range = {
    startNs: BigInt(ledger.clock.epochMs - clockSkewMs) * nanosPerMs,
    endNs: BigInt(Date.now() + clockSkewMs) * nanosPerMs,
  };
  const file = new ObservedFile(folder.observed(reading));
  try {
    const extent = await readLoki(client, selector, range, ({ stream, timestampNs, line }) => {
      file.add({ stream, timestamp: `${timestampNs}`, line });
      observation.add(line);
    });
    journal.add("read", { reading, ...extent });
    return observation;
  } finally {
    file.close();
  }
}
