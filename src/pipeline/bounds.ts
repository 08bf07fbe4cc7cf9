import { z } from "zod";

/** What a claim promises. Without a bound nothing is promised: the figure is then only reported. */
export const boundsSchema = z.strictObject({
  /** The maximal number of lost lines. */
  lost: z.int().min(0).optional(),
  /** The maximal number of surplus copies. */
  duplicated: z.int().min(0).optional(),
  /** Lines may be lost, but in each source all lost lines were written within less than this time. */
  lostWindowSeconds: z.number().positive().optional(),
  /** Lines may be lost, but only those that were older than this when the last fault ended. */
  lostOlderThanSeconds: z.number().positive().optional(),
  /**
   * The recovery point: lines that a lost site had acknowledged may be missing in the other site, but only those that were written within
   * less than this time.
   */
  rpoSeconds: z.number().positive().optional(),
  /** All lines that were written while a fault held are readable within this time after the end of the last fault. */
  recoverySeconds: z.number().positive().optional(),
  /** A line that becomes readable later than this after its write is counted `late`. */
  lateAfterSeconds: z.number().positive().optional(),
});

export type Bounds = z.infer<typeof boundsSchema>;
