import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ruleDuration } from "../alerts/rule-duration.ts";
import { scaleRules } from "../alerts/scale-rules.ts";
import { scaleAlertmanagerConfig, scaledIntervalMs, scalePrometheusConfig } from "../alerts/scaled-config.ts";
import { messageOf, UnavailableError } from "../base/errors.ts";
import { installedFolder } from "../base/installation.ts";
import type { RunSetup } from "./run-setup.ts";

const rulesFolder = join(installedFolder, "fixtures/monitoring/rules");

/**
 * Writes what watches for alerts into the run's folder: the rules, and the configuration of Prometheus and Alertmanager, with all periods
 * multiplied by the time scale. Does nothing if alerts are not observed.
 *
 * @returns the Compose variables that lead there
 */
export async function prepareMonitoring({ request, outputs }: RunSetup): Promise<Record<string, string>> {
  const { pipeline, plan } = request;
  const { monitoring } = pipeline;
  if (!plan.alerts || monitoring === undefined) return {};
  const { timeScale, ruleSets } = plan.alerts;
  const folder = outputs.folder.pipeline;
  await rewrite(join(folder, monitoring.prometheusConfig), (text) => scalePrometheusConfig(text, timeScale));
  await rewrite(join(folder, monitoring.alertmanagerConfig), (text) =>
    scaleAlertmanagerConfig(text, timeScale),
  );
  const rules = join(folder, "rules");
  await mkdir(rules, { recursive: true });
  for (const set of ruleSets)
    await writeFile(join(rules, `${set}.yaml`), scaleRules(await readRules(set), timeScale));
  outputs.journal.add("monitoring-prepared", { timeScale, ruleSets });
  const { rulesVariable, scrapeIntervalVariable } = monitoring;
  const scrapeInterval = ruleDuration(scaledIntervalMs(timeScale));
  return {
    [rulesVariable]: rules,
    ...(scrapeIntervalVariable !== undefined && { [scrapeIntervalVariable]: scrapeInterval }),
  };
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, "utf8")));
}

async function readRules(set: string): Promise<string> {
  try {
    return await readFile(join(rulesFolder, `${set}.yaml`), "utf8");
  } catch (thrown) {
    throw new UnavailableError(
      `the rule set ${set} cannot be read: ${messageOf(thrown)}. \`ruleSets\` in pipeline.yaml names files of fixtures/monitoring/rules without .yaml.`,
    );
  }
}
