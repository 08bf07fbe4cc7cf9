/** The median of some numbers; for an even number of them, the greater of the two in the middle; undefined for none. */
export function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}
