import { join } from "node:path";
import { carryOutOne } from "../cli/kit/carry-out.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { withImages } from "../pipeline/image-overrides.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { readCompose } from "../places/compose/compose-model.ts";
import type { Place } from "../places/place.ts";
import type { PlanRequest } from "../plan/plan-of-run.ts";
import { entryOf } from "../report/history-entry-of.ts";
import { describeEvidence } from "../report/words/describe-evidence.ts";
import { describeFaultItems } from "../report/words/evidence-words.ts";
import { requestFor } from "../run/run-request.ts";
import { checkConfiguration } from "./config-check.ts";
import { deprecationsOf } from "./deprecations.ts";
import type { UpgradeDocument } from "./upgrade-document.ts";
import type { UpgradePlan } from "./upgrade-plan.ts";

/** What carrying out an upgrade needs in addition to the plan. */
interface UpgradeContext {
  place: Place;
  signal: AbortSignal;
  reportsFolder: string;
}

/**
 * Carries out an upgrade: has both versions check the configurations, tests the upgrade itself, then runs the guarantees table on both
 * versions, row by row, so that both run under the same conditions of the machine.
 *
 * @param document is filled step by step, so that an abort leaves the results so far
 * @throws UnavailableError if an image is not available
 * @throws the signal's reason if it aborts
 */
export async function carryOutUpgrade(
  document: UpgradeDocument,
  plan: UpgradePlan,
  context: UpgradeContext,
): Promise<void> {
  for (const pipeline of plan.pipelines) await checkPipeline(document, pipeline, context);
  const { from, to, name, repeat } = plan.wanted;
  const count = (plan.swaps.length + 2 * plan.rows.length) * repeat;
  let number = 0;
  const carryOut = async (row: Pick<PlanRequest, "scenario" | "claim" | "pipeline">) => {
    context.signal.throwIfAborted();
    return carryOutOne(await requestFor(row, context.reportsFolder), {
      place: context.place,
      signal: context.signal,
      position: `(${++number}/${count})`,
      json: true,
    });
  };
  for (const swap of plan.swaps) {
    for (let turn = 0; turn < repeat; turn++) {
      const run = await carryOut(swap);
      document.swaps.push({
        entry: toEntry(run),
        evidence: run.faults.flatMap(describeFaultItems),
        refusals: run.faults.flatMap(({ kind, refusals = [] }) =>
          refusals.map((each) => describeEvidence(kind, each)),
        ),
      });
    }
  }
  for (const { scenario, claim, pipeline } of plan.rows) {
    for (const [side, image] of [
      ["from", from],
      ["to", to],
    ] as const) {
      for (let turn = 0; turn < repeat; turn++) {
        const on = withImages(pipeline, new Map([[name, image]]));
        const run = await carryOut({ scenario, claim, pipeline: on });
        document.rows.push({ side, isRace: claim.measured.isRace ?? false, entry: toEntry(run) });
      }
    }
  }
}

async function checkPipeline(
  document: UpgradeDocument,
  pipeline: Pipeline,
  { place, signal }: UpgradeContext,
): Promise<void> {
  const { name, from, to, upgradeId } = document;
  const onProgress = (text: string) => process.stderr.write(`${text}\n`);
  const model = await readCompose([join(pipeline.folder, pipeline.compose)]);
  const options = { model, upgradeId, onProgress, signal };
  for (const image of [from, to]) {
    process.stderr.write(`${name} ${image} checks the configuration of ${pipeline.name}\n`);
    const on = withImages(pipeline, new Map([[name, image]]));
    document.configChecks.push(...(await checkConfiguration(place, on, name, options)));
  }
  document.deprecations.push(...deprecationsOf(pipeline, model, { name, version: to }));
}

function toEntry(run: RunDocument) {
  return entryOf(run, null, new Date().toISOString());
}
