import { z } from "zod";
import type { Verdict } from "./verdict.ts";

/** What a claim promises. A bound that is absent is not promised, and what it would bound is only reported. */
export const boundsSchema = z.strictObject({
  /** The maximal number of lost lines. */
  lost: z.int().min(0).optional(),
  /** The maximal number of surplus copies. */
  duplicated: z.int().min(0).optional(),
  /** Lines may be lost, but all within less than this time of writing, in each source's ledger. */
  lostWindowSeconds: z.number().positive().optional(),
  /** Lines may be lost, but none that was younger than this when the last fault ended. */
  lostOlderThanSeconds: z.number().positive().optional(),
  /** Lines that a lost site had acknowledged may be missing in the other, but all written within less than this. */
  rpoSeconds: z.number().positive().optional(),
  /** A line that becomes readable later than this after its write is counted `late`. */
  lateAfterSeconds: z.number().positive().optional(),
});

export type Bounds = z.infer<typeof boundsSchema>;

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
  /** The row of the document's guarantees tables that it belongs to, as in `loki-restart`; undefined for a promise outside of them. */
  row?: string;
  bounds: Bounds;
  /** The known result of runs, and the reason if it is not `holds`; a race does not show in every run. */
  measured: { verdict: Verdict; why?: string; isRace?: boolean };
}

/** The known result of a promise that is kept. */
export const holds: Claim["measured"] = { verdict: "holds" };

/** The known result of a promise that is broken, and the reason. */
export function broken(why: string): Claim["measured"] {
  return { verdict: "broken", why };
}
