import { basename } from "node:path";

/** The rule set of a rule file: the name of the file without its ending. */
export function ruleSetOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, "");
}
