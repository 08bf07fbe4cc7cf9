import { z } from "zod";

/** Every way in which what was read back can differ from what was written. */
export const anomalyKinds = [
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "truncated",
  "merged",
  "unexpected",
  "late",
] as const;

const count = z.int().min(0);

/** How many lines of which kind; the part of `run.json` and of the output of `verify` that says what happened. */
export const countsSchema = z.object({
  /** Lines whose write returned, over all sources. */
  written: count,
  /** Distinct written lines that came back intact at least once: `written - lost`. */
  delivered: count,
  /** Written lines of which no intact copy came back. */
  lost: count,
  /** Surplus intact copies: a line that came back three times counts two. */
  duplicated: count,
  /** Delivered lines whose first copy came after a higher sequence of the same source. */
  reordered: count,
  /** Texts read that bear the seed but are neither a line, nor a piece of one, nor several run together. */
  corrupted: count,
  /** Texts read that are a proper, contiguous piece of the line they name. */
  truncated: count,
  /** Texts read that consist of several lines, or of a line and something else, joined together. */
  merged: count,
  /** Texts read that no write of this ledger explains: foreign, empty, of another run or beyond `written`. */
  unexpected: count,
  /** Lines that arrived later than the claim allows; 0 if their arrival was not observed. */
  late: count,
});

export type Counts = z.infer<typeof countsSchema>;
