import type { Bounds } from "../pipeline/bounds.ts";
import type { Verdict } from "./verdict.ts";

/** One row of the guarantees table. */
export interface Claim {
  /** `PIPELINE/SCENARIO`. */
  id: string;
  pipeline: string;
  /** `NAME`, or `NAME/CASE`. */
  scenario: string;
  /** The promise, in one sentence. */
  text: string;
  /** Where the promise comes from. */
  source: string;
  /**
   * The row of the reference architecture's guarantees tables that it belongs to, such as `loki-restart`; undefined for a promise made
   * elsewhere.
   */
  row?: string;
  bounds: Bounds;
  /**
   * The known result of runs, and the reason if it is not `holds`. With `isRace` the result differs between runs, because it depends on
   * timing.
   */
  measured: { verdict: Verdict; why?: string; isRace?: boolean };
}

/** The known result of a promise that is kept. */
export const holds: Claim["measured"] = { verdict: "holds" };

/** The known result of a promise that is broken, and the reason. */
export function broken(why: string): Claim["measured"] {
  return { verdict: "broken", why };
}
