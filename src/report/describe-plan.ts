import type { Plan, PlannedFault } from "../plan/plan.ts";
import { countOf, describeSeconds } from "./describe.ts";

/** How each source gets its lines into the pipeline. */
const waysIn: Record<Plan["load"]["by"], (sources: number) => string> = {
  generator: (sources) => `into ${countOf(sources, "file")}, written by the generator`,
  nestjs: (sources) => `into ${countOf(sources, "file")}, written by a NestJS application each`,
  stdout: (sources) => `to the stdout of ${countOf(sources, "container")}, written by a generator in each`,
};

/** How many lines are written, how fast, and by whom. */
export function describeLoad(load: Plan["load"]): string {
  const { lines, linesPerSecond, seconds, sources, by, fileNames, line } = load;
  const named = fileNames === undefined ? "" : `, named ${fileNames}`;
  const written = line === undefined ? "" : `; each is written as ${line}`;
  return (
    `${lines.toLocaleString("en-US")} lines at ${Number(linesPerSecond.toPrecision(4)).toLocaleString("en-US")} a second ` +
    `(${describeSeconds(seconds)}) ${waysIn[by](sources)}${named}${written}`
  );
}

/** What is done to what, and when. */
export function describePlannedFault(fault: PlannedFault): string {
  return `${fault.kind} ${fault.target} ${describeWindow(fault)}`;
}

function describeWindow({ injected, healed, audit }: PlannedFault): string {
  const from = injected.line === 0 ? "before the first line" : describeMoment(injected);
  if (healed === null) return `${from}, ends by itself`;
  const counted = audit === undefined ? "" : `, after everything in ${audit} has been counted`;
  return `${from}, healed ${describeMoment(healed)}${counted}`;
}

function describeMoment({ line, seconds }: { line: number; seconds: number }): string {
  return `when line ${line.toLocaleString("en-US")} is written (${describeSeconds(seconds)})`;
}
