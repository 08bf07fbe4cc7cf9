import type { Bounds } from "../../pipeline/bounds.ts";

/** The reference architecture claims that recovery takes 5 to 10 minutes; lines that come later than that are late. */
export const lateAfterSeconds = 600;

export const noLoss: Bounds = { lost: 0, lateAfterSeconds };

/** The reference architecture's own tests expect an exact count, so a duplicate breaks them as well. */
export const exactCount: Bounds = { ...noLoss, duplicated: 0 };
