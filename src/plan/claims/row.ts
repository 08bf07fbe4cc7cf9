import type { Bounds, Claim } from "../claim.ts";

/** What a row says, whatever pipeline it is measured on. */
export interface Row {
  scenario: string;
  text: string;
  source: string;
  row?: string;
  bounds: Bounds;
  /** What runs have shown on each pipeline the row is measured on. */
  measured: Record<string, Claim["measured"]>;
}
