import { z } from "zod";
import { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import { ObservedFile } from "./observed-file.ts";
import type { RecordingFiles } from "./recording-files.ts";
import type { RunFolder } from "./run-folder.ts";

const file = "arrivals.jsonl";
const headSchema = z.object({ epochMs: z.number() });
/** Source, first and last line, and milliseconds after `epochMs`. */
const rangeSchema = z.tuple([z.string(), z.int(), z.int(), z.number()]);

/** Stores when each line was first seen. Consecutive lines that were seen together share one line of the file. */
export function writeArrivals(folder: RunFolder, arrivals: Arrivals): void {
  const { epochMs } = arrivals;
  const written = new ObservedFile(folder.file(file));
  try {
    written.add({ epochMs });
    for (const { source, from, to, atMs } of arrivals.ranges())
      written.add([source, from, to, atMs - epochMs]);
  } finally {
    written.close();
  }
}

/**
 * Reads what `writeArrivals` has stored.
 *
 * @param count how many lines the run noted as seen; a different number in the file is noted as damage
 */
export async function readArrivals(files: RecordingFiles, ledger: Ledger, count: number): Promise<Arrivals> {
  const lines = new Map(ledger.sources.map(({ source, written }) => [source, written]));
  let arrivals: Arrivals | undefined;
  await files.read(file, count, (value) => {
    if (arrivals === undefined) {
      arrivals = new Arrivals(headSchema.parse(value).epochMs, lines);
      return 0;
    }
    const [source, from, to, offsetMs] = rangeSchema.parse(value);
    for (let sequence = from; sequence <= to; sequence++)
      arrivals.add(source, sequence, arrivals.epochMs + offsetMs);
    return to - from + 1;
  });
  return arrivals ?? new Arrivals(0, lines);
}
