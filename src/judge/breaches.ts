import type { Counts } from "./counts.ts";

/** The anomalies that speak against a pipeline by themselves; order and lateness need a claim. */
export const breachKinds = ["lost", "duplicated", "corrupted", "truncated", "merged", "unexpected"] as const;

export type BreachKind = (typeof breachKinds)[number];

/**
 * The anomalies that were found and are not allowed. To allow `corrupted` is to allow its kinds, `truncated` and `merged`, too.
 */
export function breachesOf(counts: Counts, allowed: ReadonlySet<string>): BreachKind[] {
  const isAllowed = (kind: BreachKind) =>
    allowed.has(kind) || ((kind === "truncated" || kind === "merged") && allowed.has("corrupted"));
  return breachKinds.filter((kind) => counts[kind] > 0 && !isAllowed(kind));
}
