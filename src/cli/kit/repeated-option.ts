/** Takes one more value of an option that may be repeated, beside those taken before. */
export function repeated(value: string, before: string[] = []): string[] {
  return [...before, value];
}
