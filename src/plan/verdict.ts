/** `broken` beats `unknown` beats `holds`. */
export const verdicts = ["holds", "unknown", "broken"] as const;

export type Verdict = (typeof verdicts)[number];

/** The verdict on several runs together; `unknown` on none at all. */
export function worstOf(all: readonly Verdict[]): Verdict {
  if (all.length === 0) return "unknown";
  return verdicts[Math.max(...all.map((verdict) => verdicts.indexOf(verdict)))]!;
}
