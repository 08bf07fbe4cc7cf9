import { describeDuration } from "../base/duration.ts";
import type { PlanDocument } from "../plan/plan-document.ts";
import { describeBounds, describeSeconds } from "./describe.ts";
import { plainTable } from "./plain-table.ts";
import { wrap } from "./wrap.ts";

const textWidth = 94;

/** What would be done, a table a run. */
export function renderPlans(plans: PlanDocument[]): string {
  return plans.map(renderPlan).join("\n");
}

/** What `--json` prints: the document of one plan, or several under `runs`. */
export function renderPlansJson(plans: PlanDocument[]): string {
  return `${JSON.stringify(plans.length === 1 ? plans[0] : { runs: plans }, null, 2)}\n`;
}

function renderPlan(plan: PlanDocument): string {
  const { claim, timeLapse, timeScale, repeats } = plan;
  const variables = Object.entries(plan.variables).map(([name, value]) => `${name}=${value}`);
  const rows: [string, string][] = [
    ["claim", `${claim.id}: ${claim.text}`],
    ["pipeline", `${plan.pipeline}, layout ${plan.layout}`],
    ["promised", describeBounds(claim.bounds)],
    ["what happens", plan.summary],
    ["load", describeLoad(plan)],
    ...(repeats === 1 ? [] : [["repeated", `${repeats} times`] as [string, string]]),
    ...(timeScale === 1
      ? []
      : [
          ["retries", `the shipper's retry periods times ${Number(timeScale.toPrecision(3))}`] as [
            string,
            string,
          ],
        ]),
    ...(timeLapse === null
      ? []
      : [["time", `for ${describeDuration(timeLapse.outageSeconds)}: ${timeLapse.how}`] as [string, string]]),
    ...(variables.length === 0 ? [] : [["variables", variables.join(", ")] as [string, string]]),
    ["images", plan.images.map(describeImage).join("\n")],
    ...plan.faults.flatMap((fault): [string, string][] => [
      ["fault", `${fault.kind} ${fault.target} ${describeWindow(fault)}`],
      ["  expected", fault.expected],
    ]),
    ...plan.expected.map((expected, index): [string, string] => [
      index === 0 ? "also expected" : "",
      expected,
    ]),
  ];
  return `${plainTable(rows.map(([label, text]) => [label, wrap(text, textWidth)]))}\n`;
}

/** How each source gets its lines into the pipeline. */
const waysIn: Record<PlanDocument["load"]["by"], (sources: number) => string> = {
  generator: (sources) => `into ${counted(sources, "file")}, written by the generator`,
  nestjs: (sources) => `into ${counted(sources, "file")}, written by a NestJS application each`,
  stdout: (sources) => `to the stdout of ${counted(sources, "container")}, written by a generator in each`,
};

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function describeLoad({ load }: PlanDocument): string {
  const { lines, linesPerSecond, seconds, sources, by } = load;
  return (
    `${lines.toLocaleString("en-US")} lines at ${Number(linesPerSecond.toPrecision(4)).toLocaleString("en-US")} a second ` +
    `(${describeSeconds(seconds)}) ${waysIn[by](sources)}`
  );
}

function describeImage({ services, references }: PlanDocument["images"][number]): string {
  const [first, ...others] = references;
  const what = first === undefined ? "as the Compose file says" : [first, ...others].join(", else ");
  return `${services.join(", ")}: ${what}`;
}

function describeWindow({ injected, healed, audit }: PlanDocument["faults"][number]): string {
  const from = injected.line === 0 ? "before the first line" : describeMoment(injected);
  if (healed === null) return `${from}, ends by itself`;
  const counted = audit === null ? "" : `, after everything in ${audit} has been counted`;
  return `${from}, healed ${describeMoment(healed)}${counted}`;
}

function describeMoment({ line, seconds }: { line: number; seconds: number }): string {
  return `when line ${line.toLocaleString("en-US")} is written (${describeSeconds(seconds)})`;
}
