import { describeDuration } from "../base/duration.ts";
import type { Plan } from "../plan/plan.ts";
import { describeBounds, describeLapse } from "./describe.ts";
import { describeLoad, describePlannedFault } from "./describe-plan.ts";
import { plainTable } from "./plain-table.ts";
import { describeHorizon } from "./words/evidence-words.ts";
import { wrap } from "./wrap.ts";

const textWidth = 94;

/** What would be done, a table a run. */
export function renderPlans(plans: Plan[], repeats: number): string {
  return plans.map((plan) => renderPlan(plan, repeats)).join("\n");
}

/** What `--json` prints: the document of one plan, or several under `runs`. */
export function renderPlansJson(plans: Plan[]): string {
  return `${JSON.stringify(plans.length === 1 ? plans[0] : { runs: plans }, null, 2)}\n`;
}

function renderPlan(plan: Plan, repeats: number): string {
  const { claim, timeLapse, timeScale } = plan;
  const variables = Object.entries(plan.variables).map(([name, value]) => `${name}=${value}`);
  const rows: [string, string][] = [
    ["claim", `${claim.id}: ${claim.text}`],
    ["pipeline", `${plan.pipeline}, layout ${plan.layout}`],
    ["promised", describeBounds(claim.bounds)],
    ["what happens", plan.summary],
    ["load", describeLoad(plan.load)],
    ...(repeats === 1 ? [] : [["repeated", `${repeats} times`] as [string, string]]),
    ...(timeScale === 1
      ? []
      : [
          ["retries", `the shipper's retry periods times ${Number(timeScale.toPrecision(3))}`] as [
            string,
            string,
          ],
        ]),
    ...describePrediction(plan),
    ...(timeLapse === null ? [] : [["time", describePlannedLapse(plan)] as [string, string]]),
    ...(plan.alerts ? [["alerts", describePlannedAlerts(plan.alerts)] as [string, string]] : []),
    ...(variables.length === 0 ? [] : [["variables", variables.join(", ")] as [string, string]]),
    ["images", plan.images.map(describeImage).join("\n")],
    ...plan.schedule.flatMap((fault): [string, string][] => [
      ["fault", describePlannedFault(fault)],
      ["  expected", fault.expected],
    ]),
    ...plan.expected.map((expected, index): [string, string] => [
      index === 0 ? "also expected" : "",
      expected,
    ]),
  ];
  return `${plainTable(rows.map(([label, text]) => [label, wrap(text, textWidth)]))}\n`;
}

function describePlannedAlerts({ timeScale, ruleSets, expected }: NonNullable<Plan["alerts"]>): string {
  const scaled = timeScale === 1 ? "" : `, all periods times ${Number(timeScale.toPrecision(3))}`;
  const silent = expected ? "; a loss that none of them notices breaks the claim" : "";
  const whose = ruleSets.length === 0 ? "your own Prometheus" : ruleSets.join(", ");
  return `watched with the rules of ${whose}${scaled}${silent}`;
}

function describeImage({ services, references }: Plan["images"][number]): string {
  const [first, ...others] = references;
  const what = first === undefined ? "as the Compose file says" : [first, ...others].join(", else ");
  return `${services.join(", ")}: ${what}`;
}

/** What an outage that stops the shipper has to be compared with. */
function describePrediction({ retries, schedule }: Plan): [string, string][] {
  if (retries === null || !schedule.some(({ stopsShipper }) => stopsShipper)) return [];
  return [["predicted", describeHorizon(retries.horizon ?? "never")]];
}

function describePlannedLapse({ timeLapse, parts }: Plan): string {
  const { outageSeconds } = timeLapse!;
  return `for ${describeDuration(outageSeconds)}: ${describeLapse(outageSeconds, parts.includes("kafka"))}`;
}
