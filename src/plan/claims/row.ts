import type { Bounds } from "../../pipeline/bounds.ts";
import type { Claim } from "../claim.ts";

/** What a row says for every pipeline that it is measured on. */
export interface Row {
  scenario: string;
  text: string;
  source: string;
  row?: string;
  bounds: Bounds;
  /** The known result on each pipeline that the row is measured on. */
  measured: Record<string, Claim["measured"]>;
}
