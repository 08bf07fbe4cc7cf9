/** What a trial is to do. */
export interface TrialInput {
  /** Trial Load, in lines per second. */
  load: number;
  /** Trial Duration, in seconds. */
  durationSeconds: number;
}

/** What a trial has shown. */
export interface TrialResult extends TrialInput {
  /** Trial Effective Duration: how long lines were written, in seconds. The sums of durations are of these. */
  effectiveDurationSeconds: number;
  /** How long the trial took with everything around it, in seconds. */
  tookSeconds: number;
  /** How many lines the load means. */
  intendedLines: number;
  /** How many of them arrived in time. A line that could not be written in time did not. */
  forwardedLines: number;
}

/** Trial Loss Ratio: the share of the intended lines that did not arrive in time. */
export function trialLossRatio({ intendedLines, forwardedLines }: TrialResult): number {
  return intendedLines === 0 ? 0 : (intendedLines - forwardedLines) / intendedLines;
}

/** The trials of each load, the lowest load first, and those of one load in their order. */
export function byLoad<Result extends TrialInput>(
  results: readonly Result[],
): [load: number, trials: Result[]][] {
  return [...Map.groupBy(results, ({ load }) => load)].sort(([one], [other]) => one - other);
}
