import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRuleFile } from "../alerts/read-rule-file.ts";
import { casesOf, loadScenarios } from "./scenario.ts";

const rulesFolder = join(import.meta.dirname, "../../fixtures/monitoring/rules");
const alertsOf = (set: string) =>
  readRuleFile(readFileSync(join(rulesFolder, `${set}.yaml`), "utf8"), set).groups.flatMap(({ rules }) =>
    rules.map(({ name }) => `${set}/${name}`),
  );
const drills = (await loadScenarios()).filter(({ isAlertDrill }) => isAlertDrill).flatMap(casesOf);
const drilled = drills.flatMap(({ mustFire }) => mustFire ?? []);

describe("the alert drills", () => {
  it("each make at least one alert fire, and are in a folder of their own", () => {
    for (const { name, mustFire } of drills) {
      expect(name).toMatch(/^alert-drills\//);
      expect(mustFire, name).not.toEqual([]);
    }
  });

  it("name alerts that there are, and leave out only those of which the page of the rule sets says why", () => {
    const alerts = [...alertsOf("document"), ...alertsOf("everyline")];
    expect(drilled.filter((name) => !alerts.includes(name))).toEqual([]);
    const leftOut = alerts.filter((name) => !drilled.includes(name));
    const page = readFileSync(join(rulesFolder, "README.md"), "utf8");
    const [, reasons] = page.split("## What no scenario makes fire\n");
    const explained = [...reasons!.split("\n## ")[0]!.matchAll(/^- `(\w+)`:/gm)].map(
      ([, name]) => `everyline/${name}`,
    );
    expect(leftOut.sort()).toEqual(explained.sort());
  });
});
