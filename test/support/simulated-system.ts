import type { TrialInput, TrialResult } from "../../src/throughput/search/trial-result.ts";

/** A system with a known capacity. `mlrsearch/reference.py` simulates the same one, and has to be changed with it. */
export interface SimulatedSystem {
  seed: number;
  /** How many lines a second it takes. */
  capacity: number;
  /** How far the capacity of a trial may be from that, as a share; every trial draws its own. */
  noise: number;
}

const stepOfSeed = 0x9e3779b1;
const stepOfTrial = 0x85ebca6b;

/** What a trial on a simulated system shows: what is above the capacity of the trial is lost. */
function simulatedTrial(
  { seed, capacity, noise }: SimulatedSystem,
  { load, durationSeconds }: TrialInput,
  trialNumber: number,
): TrialResult {
  const drawn = randomOf((Math.imul(seed, stepOfSeed) ^ Math.imul(trialNumber, stepOfTrial)) >>> 0);
  const capacityOfTrial = capacity * (1 + noise * (2 * drawn - 1));
  const intendedLines = Math.floor(load * durationSeconds);
  const forwardedLines = Math.min(intendedLines, Math.floor(capacityOfTrial * durationSeconds));
  const seconds = {
    durationSeconds,
    effectiveDurationSeconds: durationSeconds,
    tookSeconds: durationSeconds,
  };
  return { load, ...seconds, intendedLines, forwardedLines };
}

/** Carries out trials on a simulated system, one after the other. */
export function simulated(system: SimulatedSystem): (trial: TrialInput) => Promise<TrialResult> {
  let trials = 0;
  return async (trial) => simulatedTrial(system, trial, trials++);
}

/** A number from 0 to less than 1: one step of mulberry32. */
function randomOf(state: number): number {
  let mixed = (state + 0x6d2b79f5) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
