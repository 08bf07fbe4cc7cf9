import { UsageError } from "../base/errors.ts";
import { type ChosenRows, type NightOptions, nightRows } from "../nights/night-rows.ts";
import { withImages } from "../pipeline/image-overrides.ts";
import { allPartsOf, loadPipeline, type Pipeline, partsRunning } from "../pipeline/pipeline.ts";
import type { Claim } from "../plan/claim.ts";
import type { RunnableScenario, Scenario } from "../plan/scenario.ts";
import { upgradeRuns } from "./upgrade-scenarios.ts";

/** The pipelines that an upgrade is tested on unless others are named. */
const defaultPipelines = ["direct", "direct-hardened", "kafka", "kafka-hardened"];

/** The options of an upgrade. */
export interface WantedUpgrade {
  /** The image's name, and its two versions or references. */
  name: string;
  from: string;
  to: string;
  /** The default ones if empty. */
  pipelines: string[];
  /** Rows of the guarantees table; all if empty. */
  scenarios: string[];
  layout: string | null;
  swapOnly: boolean;
  repeat: number;
}

/** Everything that testing an upgrade has to run. */
export interface UpgradePlan {
  wanted: WantedUpgrade;
  /** With the old version. */
  pipelines: Pipeline[];
  /** The guarantees table, with the pipelines as they are; each row is run on both versions. */
  rows: ChosenRows["rows"];
  /** Rows that their pipeline cannot run in this layout. */
  notPossible: ChosenRows["notPossible"];
  /** The upgrade itself, with the old version to begin with. */
  swaps: { scenario: RunnableScenario; claim: Claim; pipeline: Pipeline }[];
}

/**
 * Plans an upgrade.
 *
 * @throws UsageError if no pipeline runs the image, or a scenario or pipeline does not exist
 */
export async function planUpgrade(scenarios: Scenario[], wanted: WantedUpgrade): Promise<UpgradePlan> {
  const { name, from, to, layout } = wanted;
  const names = wanted.pipelines.length > 0 ? wanted.pipelines : defaultPipelines;
  const loaded = await Promise.all(names.map((pipeline) => loadPipeline(pipeline, layout ?? undefined)));
  const running = loaded.filter((pipeline) => partsRunning(pipeline, name).length > 0);
  const [other] = loaded.filter((pipeline) => !running.includes(pipeline));
  if (running.length === 0 || (wanted.pipelines.length > 0 && other !== undefined)) {
    const images = [...new Set(loaded.flatMap(imagesOf))].sort();
    throw new UsageError(
      `${other?.name ?? names.join(", ")} does not run the image "${name}"; choose from: ${images.join(", ")}.`,
    );
  }
  const pipelines = running.map((pipeline) => withImages(pipeline, new Map([[name, from]])));
  return {
    wanted,
    pipelines,
    ...(wanted.swapOnly ? { rows: [], notPossible: [] } : await rowsOn(scenarios, wanted, running)),
    swaps: pipelines.flatMap((pipeline) =>
      upgradeRuns(pipeline, name, to).map((run) => ({ ...run, pipeline })),
    ),
  };
}

async function rowsOn(
  scenarios: Scenario[],
  wanted: WantedUpgrade,
  running: Pipeline[],
): Promise<ChosenRows> {
  const options: NightOptions = {
    scenarios: wanted.scenarios.length > 0 ? wanted.scenarios : ["all"],
    pipelines: running.map((pipeline) => pipeline.name),
    layout: wanted.layout,
    repeat: wanted.repeat,
    budgetSeconds: null,
    alerts: false,
    atOnce: 1,
    config: null,
  };
  return nightRows(scenarios, options);
}

function imagesOf(pipeline: Pipeline): string[] {
  return allPartsOf(pipeline).flatMap(({ image }) => image?.name ?? []);
}
