import { claims } from "../plan/claims/table.ts";

/**
 * Where the promise of a run comes from, as sentences for a report.
 *
 * @param id a claim's id
 * @returns undefined for a claim outside of the guarantees table, such as one about a custom pipeline
 */
export function aboutClaim(id: string): string | undefined {
  const claim = claims.find((each) => each.id === id);
  if (claim === undefined) return undefined;
  const source = `Source of the claim: ${claim.source}.`;
  return claim.row === undefined
    ? source
    : `${source} The tables are those of a reference architecture ("the document"), which docs/reference-architecture.md of Everyline describes.`;
}
