/** `broken` takes precedence over `unknown`, and `unknown` over `holds`. */
export const verdicts = ["holds", "unknown", "broken"] as const;

export type Verdict = (typeof verdicts)[number];

/** The common verdict on several runs; `unknown` without any run. */
export function worstOf(all: readonly Verdict[]): Verdict {
  if (all.length === 0) return "unknown";
  return verdicts[Math.max(...all.map((verdict) => verdicts.indexOf(verdict)))]!;
}
