import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { assess } from "../judge/assess.ts";
import { judgedFaults } from "../judge/judged-faults.ts";
import { type Observation, observationFor } from "../judge/observation.ts";
import { type Place, placeLosses } from "../judge/place-losses.ts";
import type { ReadingDoubt } from "../judge/reasons.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { readLedger } from "../load/ledger.ts";
import { RecordingFiles } from "./recording-files.ts";
import { observedName } from "./run-folder.ts";

const readEventSchema = z.object({
  event: z.literal("read"),
  reading: z.enum(["before-flush", "after-flush"]),
  entries: z.int(),
  counted: z.int().optional(),
});
const endEventSchema = z.object({ event: z.literal("judged"), doubts: z.array(z.string()) });

/**
 * Judges a run again that was stored as `everyline/run@1`, which has no plan and no recording. Counts are computed again from the ledger
 * and the lines that were read back, doubts are taken from the journal, and everything else from the stored document.
 *
 * @param folder `reports/RUN_ID`
 * @throws UsageError if its ledger or its journal is missing, or the journal has no verdict
 */
export async function judgeRunOf1(folder: string, stored: RunDocument): Promise<RunDocument> {
  const ledger = await readLedger(join(folder, "ledger.json"));
  const journal = await readJournal(join(folder, "journal.ndjson"));
  const end = journal
    .map((event) => endEventSchema.safeParse(event).data)
    .find((event) => event !== undefined);
  if (end === undefined) {
    throw new UsageError(
      `expected the journal of a finished run in ${folder}, but it has no verdict: the run was killed, or the journal was truncated.`,
    );
  }
  const files = new RecordingFiles(folder);
  const observations: Observation[] = [];
  for (const { reading, entries, counted = entries } of journal.flatMap(
    (event) => readEventSchema.safeParse(event).data ?? [],
  )) {
    const observation = observationFor(ledger);
    await files.readLines(observedName(reading), entries, (line) => void observation.add(line));
    observation.hiddenCopies = counted - entries;
    observations.push(observation);
  }
  if (observations.length === 0) observations.push(observationFor(ledger));
  const { plan, faults, counts, sites } = stored;
  const told = end.doubts.map((text): ReadingDoubt => ({ code: "told", text }));
  const { findings, lostWindowSeconds, judgement } = assess({
    bounds: plan.claim.bounds,
    ledger,
    observations,
    faults: judgedFaults(plan, faults, ledger),
    doubts: [...told, ...files.damage],
    reservations: [],
    rpo: sites ?? undefined,
    late: counts.late,
  });
  return {
    ...stored,
    ...judgement,
    counts: findings.counts,
    lost: placeLosses(findings.lost, placesOf(stored)),
    lostWindowSeconds: Number.isFinite(lostWindowSeconds) ? lostWindowSeconds : null,
    torn: findings.torn,
  };
}

/** Where a line was lost is taken from the stored document, because it was computed from counters that are not stored. */
function placesOf({ lost }: RunDocument): (source: string, sequence: number) => Place {
  return (source, sequence) => {
    const range = lost.find(
      (candidate) => candidate.source === source && candidate.from <= sequence && sequence <= candidate.to,
    );
    if (range === undefined) return { hop: "unknown" };
    return range.reason === undefined ? { hop: range.hop } : { hop: range.hop, reason: range.reason };
  };
}

async function readJournal(path: string): Promise<unknown[]> {
  try {
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch (thrown) {
    throw new UsageError(`the journal of the run cannot be read: ${messageOf(thrown)}`);
  }
}
