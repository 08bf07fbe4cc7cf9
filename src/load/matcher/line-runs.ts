/** How many numbers each of `LineRuns` takes. */
export const numbersPerRun = 3;

/**
 * Runs of lines: for each, a source as its index plus one, and the sequences of its first and its last line. Between those, there are all
 * lines, each as it was written, in ascending order. Runs of one source are in the order of reading.
 */
export interface LineRuns {
  sources: readonly string[];
  numbers: Uint32Array;
}

/** How many lines there are in runs. */
export function linesIn({ numbers }: LineRuns): number {
  let lines = 0;
  for (let index = 0; index < numbers.length; index += numbersPerRun)
    lines += numbers[index + 2]! - numbers[index + 1]! + 1;
  return lines;
}
