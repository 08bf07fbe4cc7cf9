import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { assess } from "../judge/assess.ts";
import type { Findings } from "../judge/check.ts";
import type { Judgement } from "../judge/judge.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import { type RunDocument, runDocumentSchema } from "../judge/run-document.ts";
import { type Ledger, readLedger } from "../load/ledger.ts";
import { readObservedFile } from "../sinks/file/observed-lines.ts";
import { ReadError } from "../sinks/read-error.ts";
import { readings } from "./run-folder.ts";

/** A stored run, judged again from its ledger and the lines that were read. */
export interface Rejudged {
  stored: RunDocument;
  findings: Findings;
  judgement: Judgement;
}

const readEventSchema = z.object({
  event: z.literal("read"),
  reading: z.enum(readings),
  entries: z.int(),
  counted: z.int().optional(),
});
const endEventSchema = z.object({ event: z.literal("judged"), doubts: z.array(z.string()) });

/**
 * Judges a run again without running anything: counts come from its ledger and the lines that were read, evidence of faults and
 * doubts from what the run recorded. A file that is missing or shorter than the journal says is a doubt.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if the folder holds no finished run
 */
export async function judgeStoredRun(folder: string): Promise<Rejudged> {
  const stored = await readRunDocument(join(folder, "run.json"));
  const ledger = await readLedger(join(folder, "ledger.json"));
  const journal = await readJournal(join(folder, "journal.ndjson"));
  const end = journal
    .map((event) => endEventSchema.safeParse(event).data)
    .find((event) => event !== undefined);
  if (end === undefined) {
    throw new UsageError(
      `expected the journal of a finished run in ${folder}, but it does not tell of a verdict: the run was killed, or the journal was cut.`,
    );
  }
  const doubts = [...end.doubts];
  const observations: Observation[] = [];
  for (const { reading, entries, counted } of journal.flatMap(
    (event) => readEventSchema.safeParse(event).data ?? [],
  )) {
    const { observation, failure } = await readObserved(
      join(folder, `observed-${reading}.jsonl`),
      ledger,
      entries,
    );
    observation.hiddenCopies = (counted ?? entries) - entries;
    observations.push(observation);
    doubts.push(...failure);
  }
  if (observations.length === 0) observations.push(observationFor(ledger));
  const { claim, faults, counts, sites } = stored;
  const assessed = assess({
    bounds: claim.bounds,
    ledger,
    observations,
    faults,
    doubts,
    rpo: sites ?? undefined,
    late: counts.late,
  });
  return { stored, ...assessed };
}

/**
 * Reads one `run.json`.
 *
 * @throws UsageError if it cannot be read or is none
 */
export async function readRunDocument(path: string): Promise<RunDocument> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    throw new UsageError(
      `expected the folder of a finished run, but ${messageOf(thrown)}. Pass a folder like reports/RUN_ID.`,
    );
  }
  try {
    return runDocumentSchema.parse(JSON.parse(text));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} is no run of the form everyline/run@1:\n${why}`);
  }
}

/**
 * Every run in a folder that came to an end, in the order of their names; one that did not has no document.
 *
 * @throws UsageError if there is no such folder, or a document in it is none
 */
export async function readRunsIn(folder: string): Promise<RunDocument[]> {
  const files = await readdir(folder, { recursive: true }).catch((thrown) => {
    throw new UsageError(`expected a folder of stored runs, like reports, but ${messageOf(thrown)}.`);
  });
  const documents = files.filter((file) => /^[^/]+\/run\.json$/.test(file));
  return Promise.all(documents.sort().map((file) => readRunDocument(join(folder, file))));
}

async function readJournal(path: string): Promise<unknown[]> {
  try {
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch (thrown) {
    throw new UsageError(`the journal of the run cannot be read: ${messageOf(thrown)}`);
  }
}

async function readObserved(
  path: string,
  ledger: Ledger,
  entries: number,
): Promise<{ observation: Observation; failure: string[] }> {
  const observation = observationFor(ledger);
  try {
    const { lines } = await readObservedFile(path, observation.codec, (line) => void observation.add(line));
    const failure = lines === entries ? [] : [`${path} holds ${lines} lines, but ${entries} were read.`];
    return { observation, failure };
  } catch (thrown) {
    if (thrown instanceof ReadError) return { observation, failure: [thrown.message] };
    throw thrown;
  }
}
