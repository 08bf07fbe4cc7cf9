import { z } from "zod";

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
