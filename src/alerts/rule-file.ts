import type { RuleProblem } from "./rule-problem.ts";

/** A duration of a rule file in milliseconds; undefined where the file gives none, or one that is no duration. */
type Period = number | undefined;

export interface RuleFile {
  /** As it is named in messages. */
  name: string;
  groups: RuleGroup[];
  problems: RuleProblem[];
}

export interface RuleGroup {
  name: string;
  line: number;
  intervalMs: Period;
  labels: Record<string, string>;
  rules: Rule[];
}

export interface Rule {
  kind: "alert" | "record";
  /** Name of the alert, or of the recorded series. */
  name: string;
  line: number;
  expr: string;
  exprLine: number;
  forMs: Period;
  keepFiringMs: Period;
  /** Its own, without those of the group. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
