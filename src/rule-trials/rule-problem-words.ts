import type { RuleProblem } from "../alerts/rule-file.ts";

/** What is wrong with a rule file, in a line: where, and what is there. */
export function describeRuleProblem({ code, file, line, rule, found, expected }: RuleProblem): string {
  const where = `${file}:${line}${rule === null ? "" : `, ${rule}`}`;
  const there = found === "" ? "" : ` at ${JSON.stringify(found)}`;
  const instead = expected === "" ? "" : `; expected ${expected}`;
  return `${where}: ${code.replaceAll("-", " ")}${there}${instead}`;
}
