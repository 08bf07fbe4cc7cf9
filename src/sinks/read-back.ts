import { isDeepStrictEqual } from "node:util";
import { pause } from "../base/abortable-pause.ts";
import { capitalized } from "../base/capitalized.ts";
import { ReadError } from "../base/read-error.ts";
import { check } from "../judge/check.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import type { Remark } from "../judge/reasons.ts";
import type { Ledger } from "../load/ledger.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { Journal } from "../store/journal.ts";
import { ObservedFile, type RunFolder, readings } from "../store/run-folder.ts";
import type { ObservedEntry, SinkReader } from "./sink.ts";

/** How many missing lines a sink is asked for where it counts more than it answers, where it does not, and how many at a time. */
const maxAskedFor = 20_000;
const maxSampled = 2_000;
const linesPerQuestion = 20;

/** What to read, and where to. */
export interface ReadBackOptions {
  sink: SinkReader;
  ledger: Ledger;
  folder: RunFolder;
  journal: Journal;
}

/** A reading that was completed, and what it saw. */
export interface CompletedReading {
  reading: string;
  /** How many lines were answered, and how many are counted where they lie. */
  entries: number;
  counted: number;
  observation: Observation;
}

/** What was read, and why it may not be the truth. */
export interface ReadBackResult {
  readings: CompletedReading[];
  /** Why not everything was read; null where it was. */
  failure: string | null;
  /** What was left out. */
  remarks: Remark[];
}

/**
 * Reads everything from a sink, has it write what it holds to its store, and reads everything again: lines in memory and lines from the
 * store come by different ways, and both must tell the same. Between the readings there is time for duplicates that come late.
 */
export async function readBack(options: ReadBackOptions, signal: AbortSignal): Promise<ReadBackResult> {
  const completed: CompletedReading[] = [];
  const remarks: Remark[] = [];
  const holdUntilMs = Date.now() + options.sink.lateCopiesMs;
  try {
    for (const reading of readings) {
      if (reading === "after-flush") {
        const unflushed = await options.sink.flush?.();
        if (unflushed !== undefined) remarks.push({ code: "not-flushed", ...unflushed });
        await pause(Math.max(0, holdUntilMs - Date.now()), signal);
      }
      completed.push(await readOnce(options, reading, (remark) => addOnce(remarks, remark)));
    }
    return { readings: completed, failure: null, remarks };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { readings: completed, failure: thrown.message, remarks };
  }
}

/** Both readings leave the same streams out. */
function addOnce(remarks: Remark[], remark: Remark): void {
  if (!remarks.some((other) => isDeepStrictEqual(other, remark))) remarks.push(remark);
}

/**
 * Reads everything once.
 *
 * @param reading what the file of this reading is called after
 * @param onRemark takes what was left out
 * @throws ReadError if not everything could be read
 */
export async function readOnce(
  { sink, ledger, folder, journal }: ReadBackOptions,
  reading: string,
  onRemark: (remark: Remark) => void = () => {},
): Promise<CompletedReading> {
  const observation = observationFor(ledger);
  const file = new ObservedFile(folder.observed(reading));
  try {
    const take = ({ stream, timestampNs, line }: ObservedEntry) => {
      file.add({ stream, timestamp: timestampNs?.toString(), line });
      observation.add(line);
    };
    const { foreign, ...extent } = await sink.read(ledger, take);
    observation.hiddenCopies = extent.counted - extent.entries;
    if (foreign.length > 0)
      onRemark({
        code: "streams-left-out",
        selector: sink.selector,
        streams: foreign.length,
        first: foreign[0]!,
      });
    if (check(ledger, observation).counts.lost > 0) await sink.assertNothingBeyond?.(ledger);
    // Each source has a sentinel. What is more than that and the lines themselves may stand where a line was left out.
    if (extent.counted > observation.deliveredCount() + ledger.sources.length)
      await assertAllAnswered(sink, ledger, observation);
    journal.add("read", { reading, ...extent, leftOut: foreign.length });
    const { entries, counted } = extent;
    return { reading, entries, counted, observation };
  } finally {
    file.close();
  }
}

/**
 * The sink holds more than each line once: copies, damaged or foreign texts, if it counts none of the lines that are missing. Where it
 * counts more than it answers, it is asked for every one of them; elsewhere for some, spread evenly, if there are many.
 *
 * @throws ReadError if it does count some, does not count what it answered, or there are too many to ask for
 */
async function assertAllAnswered(sink: SinkReader, ledger: Ledger, observation: Observation): Promise<void> {
  const { lost, counts } = check(ledger, observation);
  if (counts.lost === 0) return;
  const name = capitalized(sinkName(sink.kind));
  const { hiddenCopies } = observation;
  if (hiddenCopies > 0 && counts.lost > maxAskedFor) {
    throw new ReadError(
      `${name} counts ${hiddenCopies} more lines than it answers, and ${counts.lost} are missing.`,
    );
  }
  const answered = firstDelivered(ledger, observation);
  if (answered !== undefined && (await sink.countEqual([answered])) === 0)
    throw new ReadError(`${name} does not count a line that it answered.`);
  const missing = lost.flatMap(({ source, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => ({ source, sequence: from + index })),
  );
  const step = hiddenCopies > 0 ? 1 : Math.ceil(missing.length / maxSampled);
  const lines = missing
    .filter((_, index) => index % step === 0)
    .map(({ source, sequence }) => observation.codec.encode(source, sequence));
  for (let first = 0; first < lines.length; first += linesPerQuestion) {
    const found = await sink.countEqual(lines.slice(first, first + linesPerQuestion));
    if (found > 0) throw new ReadError(`${name} counts ${found} lines that it did not answer.`);
  }
}

/** A line that was read, to see that the sink counts lines by their text at all. */
function firstDelivered({ sources }: Ledger, observation: Observation): string | undefined {
  for (const { source, written } of sources)
    for (let sequence = 1; sequence <= written; sequence++)
      if (observation.isDelivered(source, sequence)) return observation.codec.encode(source, sequence);
  return undefined;
}
