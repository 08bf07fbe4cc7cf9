import { join } from "node:path";
import { machineSample, machineUse } from "../base/machine-use.ts";
import { readDocument } from "../base/read-document.ts";
import { writeWhole } from "../base/write-whole.ts";
import { type CarryOutOptions, carryOutOne } from "../cli/kit/carry-out.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { type Timeline, timelineSchema } from "../judge/timeline-document.ts";
import { readLedger } from "../load/ledger.ts";
import { seeded } from "../plan/plan-of-run.ts";
import { newRunId } from "../store/run-id.ts";
import { bytesPerLine } from "./bytes-per-line.ts";
import { judgeSoak } from "./judge-soak.ts";
import type { SoakDocument } from "./soak-document.ts";
import { renderSoakMarkdown } from "./soak-markdown.ts";
import type { SoakPlan } from "./soak-plan.ts";

/** What carrying out a soak needs in addition to the plan. */
export interface SoakOptions extends Pick<CarryOutOptions, "place" | "signal"> {
  reportsFolder: string;
  seed: string;
}

/**
 * Makes the run of a soak, with the reports of any run, and writes `soak.json` and `soak.md` into its folder.
 *
 * @throws UnavailableError if the machine lacks something
 * @throws the signal's reason if it aborts
 */
export async function carryOutSoak(plan: SoakPlan, options: SoakOptions): Promise<SoakDocument> {
  const { place, signal, reportsFolder, seed } = options;
  const { pipeline } = plan;
  const runId = newRunId("soak");
  const request = { runId, plan: seeded(plan.run, seed), pipeline, keep: false, reportsFolder };
  const before = await machineSample();
  const run = await carryOutOne(request, { place, signal, position: "", json: true });
  const machine = machineUse(before, await machineSample());
  const folder = join(reportsFolder, runId);
  const timeline = await readDocument(join(folder, "timeline.json"), timelineSchema, "timeline of a run");
  const document = judgeSoak(
    {
      ...{ run, timeline, machine, instances: instancesOf(run, timeline) },
      bytesPerLine: bytesPerLine(await readLedger(join(folder, "ledger.json"))),
      finishedAt: new Date().toISOString(),
    },
    plan,
  );
  await writeWhole(join(folder, "soak.json"), `${JSON.stringify(document, null, 2)}\n`);
  await writeWhole(join(folder, "soak.md"), renderSoakMarkdown(document));
  return document;
}

/** The instances of every service that ran; a service of which nothing was measured counts as one. */
function instancesOf({ images }: RunDocument, { tracks }: Timeline): string[] {
  const measured = new Set(tracks.flatMap(({ instance }) => instance ?? []));
  const isOf = (service: string) => (name: string) =>
    name === service || /^-\d+$/.test(name.startsWith(service) ? name.slice(service.length) : "");
  return images.flatMap(({ service }) => {
    const names = [...measured].filter(isOf(service));
    return names.length === 0 ? [service] : names;
  });
}
