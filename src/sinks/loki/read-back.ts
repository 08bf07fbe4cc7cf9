import { isDeepStrictEqual } from "node:util";
import { pause } from "../../base/pause.ts";
import { check } from "../../judge/check.ts";
import { type Observation, observationFor } from "../../judge/observation.ts";
import type { Remark } from "../../judge/reasons.ts";
import type { Ledger } from "../../load/ledger.ts";
import { markOf } from "../../load/line.ts";
import type { Journal } from "../../store/journal.ts";
import { ObservedFile, type RunFolder } from "../../store/run-folder.ts";
import { ReadError } from "../read-error.ts";
import { type LokiClient, lookbackSlackMs, type TimeRange } from "./loki-client.ts";
import { longestCountMs } from "./loki-limits.ts";
import { type ObservedEntry, readLoki } from "./loki-reader.ts";
import { ReadWindow } from "./read-window.ts";

const nanosPerMs = 1_000_000n;
/** A batch that was sent twice has come within a batchwait. */
const holdMs = 1_000;
/** Loki 3.6.4 answers nothing from its store whose time has not come, so it is waited for, but not for long. */
const maxAheadMs = 10_000;
/** So many questions more are asked before something is called lost. */
const maxQuestionsBeyond = 400;

/** How many missing lines Loki is asked for where it counts more than it answers, where it does not, and how many at a time. */
const maxAskedFor = 20_000;
const maxSampled = 2_000;
const linesPerQuestion = 20;

/** The readings of a run, in their order; each is a file `observed-READING.jsonl` of its folder. */
const readings = ["before-flush", "after-flush"] as const;

/** What to read, and where to. */
export interface ReadBackOptions {
  client: LokiClient;
  /** The instances that hold lines in memory. */
  writers: LokiClient[];
  selector: string;
  ledger: Ledger;
  /** Where the lines lie, as following them has shown; as their clock says if absent. */
  window?: ReadWindow | undefined;
  folder: RunFolder;
  journal: Journal;
  signal: AbortSignal;
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
 * Reads everything from Loki, has it write its chunks to the store, and reads everything again: lines in the ingester's memory
 * and lines from the store come by different ways, and both must tell the same. Between the readings there is time for
 * duplicates that come late.
 */
export async function readBack(options: ReadBackOptions): Promise<ReadBackResult> {
  const completed: CompletedReading[] = [];
  const remarks: Remark[] = [];
  const holdUntilMs = Date.now() + holdMs;
  try {
    for (const reading of readings) {
      if (reading === "after-flush") {
        const aheadMs = options.window?.aheadMs(Date.now()) ?? 0;
        if (aheadMs > maxAheadMs) remarks.push({ code: "not-flushed", aheadMs });
        else {
          await pause(aheadMs, options.signal);
          await Promise.all(options.writers.map((writer) => writer.flush()));
        }
        await pause(Math.max(0, holdUntilMs - Date.now()), options.signal);
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
  options: Omit<ReadBackOptions, "writers">,
  reading: string,
  onRemark: (remark: Remark) => void = () => {},
): Promise<CompletedReading> {
  const { client, selector, ledger, folder, journal, window = new ReadWindow(ledger.clock) } = options;
  const observation = observationFor(ledger);
  const nowMs = Date.now();
  const range = window.range(nowMs);
  const hints = { mark: markOf(ledger.seed), expected: window.expected(nowMs) };
  const file = new ObservedFile(folder.observed(reading));
  try {
    const take = ({ stream, timestampNs, line }: ObservedEntry) => {
      file.add({ stream, timestamp: `${timestampNs}`, line });
      observation.add(line);
    };
    const { foreign, ...extent } = await readLoki(client, selector, range, take, hints);
    observation.hiddenCopies = extent.counted - extent.entries;
    if (foreign.length > 0)
      onRemark({ code: "streams-left-out", selector, streams: foreign.length, first: foreign[0]! });
    const { lost } = check(ledger, observation).counts;
    if (lost > 0) await assertNothingBeyond(client, selector, window, ledger.seed, nowMs);
    // Each source has a sentinel. What is more than that and the lines themselves may stand where a line was left out.
    if (extent.counted > observation.deliveredCount() + ledger.sources.length)
      await assertAllAnswered(client, selector, range, ledger, observation);
    journal.add("read", { reading, ...extent, leftOut: foreign.length });
    const { entries, counted } = extent;
    return { reading, entries, counted, observation };
  } finally {
    file.close();
  }
}

/**
 * Nothing is called lost that may lie where nobody has looked: at other times than any line that was followed, or further back than
 * Loki answers.
 *
 * @throws ReadError if it may
 */
async function assertNothingBeyond(
  client: LokiClient,
  selector: string,
  window: ReadWindow,
  seed: string,
  nowMs: number,
): Promise<void> {
  const { maxLookbackMs } = client.known;
  const oldestMs = Number(window.expected(nowMs).startNs / nanosPerMs);
  if (maxLookbackMs > 0 && Date.now() - oldestMs > maxLookbackMs - lookbackSlackMs)
    throw new ReadError(
      `Loki answers no line older than ${maxLookbackMs / 1_000} s (max_query_lookback), and the first of the run are ` +
        `${Math.round((nowMs - oldestMs) / 1_000)} s old; raise the limit for whoever reads.`,
    );
  const longestMs = longestCountMs(client.known) ?? Number.POSITIVE_INFINITY;
  for (const range of window.beyond(nowMs)) {
    if (Number((range.endNs - range.startNs) / nanosPerMs) / longestMs > maxQuestionsBeyond) continue;
    const lines = await client
      .count(`${selector} |= ${JSON.stringify(markOf(seed))}`, range)
      .catch((thrown) => {
        // A range of days may be more than a busy Loki answers in time. Nothing says that something lies there.
        if (thrown instanceof ReadError) return 0;
        throw thrown;
      });
    if (lines > 0)
      throw new ReadError(
        `Loki holds ${lines} lines of the run that carry other times than ${describeRange(window.range(nowMs))}: ` +
          "the clock by which the pipeline stamps lines has changed.",
      );
  }
}

function describeRange({ startNs, endNs }: TimeRange): string {
  const [from, to] = [startNs, endNs].map((ns) => new Date(Number(ns / nanosPerMs)).toISOString());
  return `from ${from} to ${to}`;
}

/**
 * Loki holds more than each line once: copies, damaged or foreign texts, if it counts none of the lines that are missing. Where it
 * counts more than it answers, it is asked for every one of them; elsewhere for some, spread evenly, if there are many.
 *
 * @throws ReadError if it does count some, does not count what it answered, or there are too many to ask for
 */
async function assertAllAnswered(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  ledger: Ledger,
  observation: Observation,
): Promise<void> {
  const { lost, counts } = check(ledger, observation);
  if (counts.lost === 0) return;
  const { hiddenCopies } = observation;
  if (hiddenCopies > 0 && counts.lost > maxAskedFor) {
    throw new ReadError(
      `Loki counts ${hiddenCopies} more lines than it answers, and ${counts.lost} are missing.`,
    );
  }
  const answered = firstDelivered(ledger, observation);
  if (answered !== undefined && (await client.countEqual(selector, range, [answered])) === 0)
    throw new ReadError("Loki does not count a line that it answered.");
  const missing = lost.flatMap(({ source, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => ({ source, sequence: from + index })),
  );
  const step = hiddenCopies > 0 ? 1 : Math.ceil(missing.length / maxSampled);
  const lines = missing
    .filter((_, index) => index % step === 0)
    .map(({ source, sequence }) => observation.codec.encode(source, sequence));
  for (let first = 0; first < lines.length; first += linesPerQuestion) {
    const found = await client.countEqual(selector, range, lines.slice(first, first + linesPerQuestion));
    if (found > 0) throw new ReadError(`Loki counts ${found} lines that it did not answer.`);
  }
}

/** A line that was read, to see that Loki counts lines by their text at all. */
function firstDelivered({ sources }: Ledger, observation: Observation): string | undefined {
  for (const { source, written } of sources)
    for (let sequence = 1; sequence <= written; sequence++)
      if (observation.isDelivered(source, sequence)) return observation.codec.encode(source, sequence);
  return undefined;
}
