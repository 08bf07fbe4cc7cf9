import { isDeepStrictEqual } from "node:util";
import { pause } from "../base/abortable-pause.ts";
import { ReadError } from "../base/read-error.ts";
import { contradictsItself, type ReadProblem } from "../base/read-problem.ts";
import { check } from "../judge/check.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import type { Remark } from "../judge/reasons.ts";
import type { Ledger } from "../load/ledger.ts";
import type { Identity, LineCodec } from "../load/line.ts";
import type { Journal } from "../store/journal.ts";
import { ObservedFile } from "../store/observed-file.ts";
import { type RunFolder, readings } from "../store/run-folder.ts";
import { LineIntake } from "./line-intake.ts";
import { ObservedEntries } from "./observed-entries.ts";
import type { ObservedEntry, SinkReader, SoughtTexts } from "./sink.ts";

/** How many missing lines the sink is asked to count if it counts more lines than it returns; and how many if it does not. */
const maxAskedFor = 20_000;
const maxSampled = 2_000;
/** How often everything is read while the sink's answers contradict its counts. */
const maxAttempts = 3;

/** What to read, and where to store it. */
export interface ReadBackOptions {
  sink: SinkReader;
  ledger: Ledger;
  folder: RunFolder;
  journal: Journal;
  /** How long late copies are waited for, if not as long as the sink says. */
  lateCopiesMs?: number | undefined;
}

/** A completed reading and its result. */
export interface CompletedReading {
  reading: string;
  /** How many lines the sink returned, and how many it counts. */
  entries: number;
  counted: number;
  observation: Observation;
}

/** A reading that contradicted the sink's counts in each attempt, and is not judged. */
interface ContradictedReading {
  reading: string;
  problem: ReadProblem;
}

/** The completed readings, and why the reading may be incomplete. */
export interface ReadBackResult {
  readings: CompletedReading[];
  /** The reading before the flush, if it never fitted the sink's counts, but the one after the flush did. */
  setAside: ContradictedReading | null;
  /** Why not everything was read; null if it was. */
  failure: ReadProblem | null;
  /** What was left out. */
  remarks: Remark[];
}

/**
 * Reads everything from a sink, lets it flush its memory to its store, and reads everything again. Lines in memory and lines in the store
 * are read by different code of the sink, and both readings must agree. The time between the readings allows late duplicates to arrive.
 *
 * If the reading before the flush contradicts the sink's counts in each attempt, it is set aside and the one after the flush is made all the
 * same: several ingesters that hold different lines answer one query in one way and the next in another, and their common store does not.
 */
export async function readBack(options: ReadBackOptions, signal: AbortSignal): Promise<ReadBackResult> {
  const completed: CompletedReading[] = [];
  let setAside: ContradictedReading | null = null;
  const remarks: Remark[] = [];
  const addRemark = (remark: Remark) => addOnce(remarks, remark);
  const holdUntilMs = Date.now() + (options.lateCopiesMs ?? options.sink.lateCopiesMs);
  try {
    for (const reading of readings) {
      if (reading === "after-flush") {
        const unflushed = await options.sink.flush?.();
        if (unflushed !== undefined) remarks.push({ code: "not-flushed", ...unflushed });
        // The two readings would be of the same memory.
        if (setAside !== null && unflushed !== undefined) throw new ReadError(setAside.problem);
        await pause(Math.max(0, holdUntilMs - Date.now()), signal);
      }
      const result = await readUntilConsistent(options, reading, addRemark);
      if ("observation" in result) completed.push(result);
      else if (reading === "before-flush" && options.sink.flush !== undefined) setAside = result;
      else throw new ReadError(result.problem);
    }
    return { readings: completed, setAside, failure: null, remarks };
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return { readings: completed, setAside: null, failure: thrown.problem, remarks };
  }
}

/**
 * Reads everything again if what the sink answers contradicts what it counts. A line that only one of several ingesters holds, since the
 * others refused it, is answered or not as it happens; a line that arrives late may be counted and not answered. A reading in which all adds
 * up is as good as if it were the first: a sink that keeps omitting lines does not get there.
 *
 * @returns the problem of the last attempt if none is consistent
 * @throws ReadError if it is no contradiction
 */
async function readUntilConsistent(
  options: ReadBackOptions,
  reading: string,
  onRemark: (remark: Remark) => void,
): Promise<CompletedReading | ContradictedReading> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(options, reading, onRemark);
    } catch (thrown) {
      if (!(thrown instanceof ReadError && contradictsItself(thrown.problem))) throw thrown;
      if (attempt === maxAttempts) return { reading, problem: thrown.problem };
      options.journal.add("read-again", { reading, problem: thrown.problem });
      onRemark({ code: "read-again", reading, problem: thrown.problem });
    }
  }
}

/**
 * Reads everything, again if what the sink answers contradicts what it counts.
 *
 * @param reading the name of this reading, which is part of the file name
 * @throws ReadError if not everything could be read, or every attempt contradicted the counts
 */
export async function readConsistently(options: ReadBackOptions, reading: string): Promise<CompletedReading> {
  const result = await readUntilConsistent(options, reading, () => {});
  if ("problem" in result) throw new ReadError(result.problem);
  return result;
}

/** Both readings leave the same streams out. */
function addOnce(remarks: Remark[], remark: Remark): void {
  if (!remarks.some((other) => isDeepStrictEqual(other, remark))) remarks.push(remark);
}

/**
 * Reads everything once.
 *
 * @param reading the name of this reading, which is part of the file name
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
    const entries = new ObservedEntries(file);
    const intake = new LineIntake(ledger, observation);
    const take = (entry: ObservedEntry) => {
      entries.add(entry);
      if (entry.raw === undefined) intake.addText(entry.line);
      else intake.addBytes(entry.raw);
    };
    const { foreign, ...extent } = await sink.read(ledger, take);
    intake.end();
    observation.hiddenCopies = extent.counted - extent.entries;
    if (foreign.length > 0)
      onRemark({
        code: "streams-left-out",
        selector: sink.selector,
        streams: foreign.length,
        first: foreign[0]!,
      });
    if (check(ledger, observation).counts.lost > 0) await sink.assertNothingBeyond?.(ledger);
    // Apart from the lines and one sentinel for each source, anything that the sink counts may hide that it omitted a line.
    if (extent.counted > observation.deliveredCount() + ledger.sources.length)
      await assertAllAnswered(sink, ledger, observation);
    journal.add("read", { reading, ...extent, leftOut: foreign.length });
    return { reading, entries: extent.entries, counted: extent.counted, observation };
  } finally {
    file.close();
  }
}

/**
 * Verifies that the sink has omitted no line from its answers, by asking it to count the missing lines. If it counts none, the surplus in
 * its count is copies, damaged lines or lines of other sources. If it counts more lines than it returned, every missing line is checked;
 * otherwise an evenly spread sample, if many are missing.
 *
 * @throws ReadError if it counts a missing line, does not count a line that it returned, or there are too many missing lines to check
 */
async function assertAllAnswered(sink: SinkReader, ledger: Ledger, observation: Observation): Promise<void> {
  const { lost, counts } = check(ledger, observation);
  if (counts.lost === 0) return;
  const { hiddenCopies, codec } = observation;
  if (hiddenCopies > 0 && counts.lost > maxAskedFor) {
    throw new ReadError({
      code: "too-many-missing",
      sink: sink.kind,
      hidden: hiddenCopies,
      missing: counts.lost,
    });
  }
  const answered = firstDelivered(ledger, observation);
  if (answered !== undefined && (await sink.countAnyOf(textsOf([answered], codec))) === 0)
    throw new ReadError({ code: "answered-uncounted", sink: sink.kind });
  const missing = lost.flatMap(({ source, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, index) => ({ source, sequence: from + index })),
  );
  const step = hiddenCopies > 0 ? 1 : Math.ceil(missing.length / maxSampled);
  const asked = missing.filter((_, index) => index % step === 0);
  const found = await sink.countAnyOf(textsOf(asked, codec));
  if (found > 0) throw new ReadError({ code: "counted-unanswered", sink: sink.kind, lines: found });
}

/** What a sink has to count for some lines: of lines with something around them that is not known, what is known of them. */
function textsOf(lines: Identity[], codec: LineCodec): SoughtTexts {
  const are = codec.isKnownWhole ? "whole" : "parts";
  return {
    texts: lines.map(({ source, sequence }) =>
      are === "whole" ? codec.encode(source, sequence) : codec.bare(source, sequence),
    ),
    are,
  };
}

/** A line that was read, to verify that the sink can count a line by its text. */
function firstDelivered({ sources }: Ledger, observation: Observation): Identity | undefined {
  for (const { source, written } of sources)
    for (let sequence = 1; sequence <= written; sequence++)
      if (observation.isDelivered(source, sequence)) return { source, sequence };
  return undefined;
}
