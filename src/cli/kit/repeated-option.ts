/** Adds one more value of an option that may be repeated to the values before it. */
export function repeated(value: string, before: string[] = []): string[] {
  return [...before, value];
}
