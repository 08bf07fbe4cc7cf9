import { rm } from "node:fs/promises";
import { pause } from "../base/abortable-pause.ts";
import { check } from "../judge/check.ts";
import type { Counts } from "../judge/counts.ts";
import type { Ledger } from "../load/ledger.ts";
import { readConsistently } from "../sinks/read-back.ts";
import type { Sink } from "../sinks/sink.ts";
import type { TrialStack } from "./trial-stack.ts";

/** What became of the lines of a trial, line by line. */
export interface TrialReading {
  delivered: number;
  lost: number;
  duplicated: number;
  /** Texts of the trial that are no line of it. */
  damaged: number;
}

/**
 * Reads every line of a trial, byte for byte, and removes what was read, which may be gigabytes in a search. If lines are missing, everything
 * is read once more when copies that were counted in their place have given way to them.
 *
 * @throws ReadError if what the sink answers contradicts its counts
 */
export async function readTrial(
  on: TrialStack,
  sink: Sink,
  ledger: Ledger,
  number: number,
): Promise<TrialReading> {
  const first = await readOnce(on, sink, ledger, number);
  if (first.lost === 0) return first;
  await pause(on.stack.pipeline.quietSeconds * 1_000, on.signal);
  return readOnce(on, sink, ledger, number);
}

async function readOnce(
  { runFolder, journal }: TrialStack,
  sink: Sink,
  ledger: Ledger,
  number: number,
): Promise<TrialReading> {
  const reading = `trial-${number}`;
  try {
    const { observation } = await readConsistently({ sink, ledger, folder: runFolder, journal }, reading);
    return trialReadingOf(check(ledger, observation).counts);
  } finally {
    await rm(runFolder.observed(reading), { force: true });
  }
}

/** What is told of a trial's lines. */
export function trialReadingOf(counts: Counts): TrialReading {
  const { delivered, lost, duplicated, corrupted, truncated, merged } = counts;
  return { delivered, lost, duplicated, damaged: corrupted + truncated + merged };
}
