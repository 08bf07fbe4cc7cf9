import type { RuleProblem } from "../alerts/rule-problem.ts";
import type { AlertsDocument } from "../judge/alerts-document.ts";

/** A rule of the reader's, by its set and its name. */
export interface RuleName {
  set: string;
  alert: string;
}

/** What a reader's rules would have done in one stored run. */
export interface TriedRun {
  runId: string;
  claim: string;
  scenario: string;
  pipeline: string;
  /** How many lines were lost; null if that is not certain. Then no alert is compared with a loss. */
  lost: number | null;
  /** The factor by which the periods of the rules were multiplied, as in the run. */
  timeScale: number;
  alerts: AlertsDocument;
}

/** A selector in a rule that matches no series in any of the runs. */
interface UnmatchedSelector extends RuleName {
  selector: string;
}

/** A counter in a rule that was born above 0 in a run: functions such as `increase` do not see that event. */
export interface LateCounter extends RuleName {
  selector: string;
  runId: string;
  /** Its first value. */
  value: number;
}

/** What `everyline alerts` finds out about rule files. */
export interface TriedRules {
  schema: "everyline/alerts@1";
  files: string[];
  /** The address of the reader's Prometheus whose samples the rules were tried on; null for those that are stored with the runs. */
  prometheus: string | null;
  /** What the lint of rules finds in the files. Files that Prometheus refuses are not tried. */
  problems: RuleProblem[];
  /** Recording rules, which are not carried out, and whose series are in no samples. */
  notRecorded: string[];
  unmatched: UnmatchedSelector[];
  bornLate: LateCounter[];
  runs: TriedRun[];
}
