import type { Recorded } from "../judge/recorded.ts";
import type { Observed } from "../judge/track.ts";
import type { Arrivals } from "../load/arrivals.ts";

/** What a run observed, without what is already stored in files. */
export interface Executed {
  recorded: Recorded;
  arrivals: Arrivals;
  /** What each observer saw over the time of the run. */
  observed: Observed[];
}
