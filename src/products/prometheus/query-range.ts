/** A time in Unix milliseconds, both ends included, and how far apart its steps are. */
export interface StepRange {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** Prometheus refuses a question for more than 11,000 steps. */
const mostSteps = 10_000;

/** A time as several parts, one after the other, that together have the same steps and of which none has too many for one question. */
export function partsOfRange({ fromMs, toMs, stepMs }: StepRange): StepRange[] {
  const parts: StepRange[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += mostSteps * stepMs)
    parts.push({ fromMs: atMs, toMs: Math.min(toMs, atMs + (mostSteps - 1) * stepMs), stepMs });
  return parts;
}
