import { Observation } from "../check/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { readLoki } from "../read/loki.ts";
import type { LokiClient } from "../read/loki-client.ts";
import { ReadError } from "../read/read-error.ts";
import type { Journal } from "./journal.ts";
import { ObservedFile, type RunFolder } from "./run-folder.ts";

const clockSkewMs = 60_000;
const nanosPerMs = 1_000_000n;

/** The readings of a run, in their order; each is a file `observed-READING.jsonl` of its folder. */
export const readings = ["before-flush", "after-flush"] as const;

export type Reading = (typeof readings)[number];

/** What was read, and why it may not be the truth. */
export interface ReadBackResult {
  /** One a reading that was completed. */
  observations: Observation[];
  doubts: string[];
}

/**
 * Reads everything from Loki, has it write its chunks to the store, and reads everything again: lines in the ingester's memory
 * and lines from the store come by different ways, and both must tell the same.
 */
export async function readBack(
  client: LokiClient,
  selector: string,
  ledger: Ledger,
  folder: RunFolder,
  journal: Journal,
): Promise<ReadBackResult> {
  const observations: Observation[] = [];
  try {
    for (const reading of readings) {
      if (reading === "after-flush") await client.flush();
      observations.push(await readOnce(client, selector, ledger, folder.observed(reading), journal, reading));
    }
    return { observations, doubts: [] };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { observations, doubts: [`Not everything could be read back. ${thrown.message}`] };
  }
}

async function readOnce(
  client: LokiClient,
  selector: string,
  ledger: Ledger,
  path: string,
  journal: Journal,
  reading: Reading,
): Promise<Observation> {
  const observation = new Observation(
    ledger.seed,
    ledger.clock,
    ledger.sources.map(({ source }) => source),
  );
  const range = {
    startNs: BigInt(ledger.clock.epochMs - clockSkewMs) * nanosPerMs,
    endNs: BigInt(Date.now() + clockSkewMs) * nanosPerMs,
  };
  const file = new ObservedFile(path);
  try {
    const extent = await readLoki(client, selector, range, (entry) => {
      file.add(entry);
      observation.add(entry.line);
    });
    journal.add("read", { reading, ...extent });
    return observation;
  } finally {
    file.close();
  }
}
