import type { Counts } from "./counts.ts";

/** The anomalies that always count against a pipeline; order and lateness count only if a claim bounds them. */
export const breachKinds = ["lost", "duplicated", "corrupted", "truncated", "merged", "unexpected"] as const;

export type BreachKind = (typeof breachKinds)[number];

/**
 * The anomalies that were found and are not allowed. Allowing `corrupted` also allows its special kinds, `truncated` and `merged`.
 */
export function breachesOf(counts: Counts, allowed: ReadonlySet<string>): BreachKind[] {
  const isAllowed = (kind: BreachKind) =>
    allowed.has(kind) || ((kind === "truncated" || kind === "merged") && allowed.has("corrupted"));
  return breachKinds.filter((kind) => counts[kind] > 0 && !isAllowed(kind));
}
