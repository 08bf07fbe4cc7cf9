import { planFault } from "../faults/plan-fault.ts";
import type { SourceName } from "../load/load-plan.ts";
import { sources as sourcesByName } from "../load/source.ts";
import { allPartsOf, type PartImage, type Pipeline } from "../pipeline/pipeline.ts";
import { builtReference, catalogueEntry } from "../places/images/catalogue.ts";
import type { RunRequest } from "../run/run-request.ts";
import type { PlanDocument } from "./plan-document.ts";
import { runLoadOf } from "./run-load.ts";
import { describeLapse } from "./time-lapse.ts";

const arrives = "the first line of each source can be read before anything is broken";
const agree =
  "Loki is read to the end twice, before and after it has written its chunks, and both agree with each other and with its own count";
const controlled = "nothing is broken (--no-faults), so the verdict cannot be holds";

/** Lines are dealt as shares of the load; the generator counts the first as written at second 0. */
function momentOf(share: number, lines: number, linesPerSecond: number) {
  const line = Math.ceil(share * lines);
  return { line, seconds: Math.round((line / linesPerSecond) * 1_000) / 1_000 };
}

/**
 * What a run would do and what evidence is expected of it. Starts nothing and asks no engine.
 *
 * @param seed null for a new one each run
 * @throws UsageError if the pipeline has not what the scenario would break
 */
export async function planOf(
  request: Omit<RunRequest, "runId" | "seed">,
  { repeats, seed }: { repeats: number; seed: string | null },
): Promise<PlanDocument> {
  const { scenario, pipeline, claim, withFaults } = request;
  const { load, timeScale, lapse } = runLoadOf(request);
  const { lines, linesPerSecond, sources, by } = load;
  return {
    schema: "everyline/plan@1",
    scenario: scenario.name,
    summary: scenario.summary,
    pipeline: pipeline.name,
    layout: pipeline.layout,
    claim: { id: claim.id, text: claim.text, bounds: claim.bounds },
    repeats,
    seed,
    load: { lines, linesPerSecond, seconds: momentOf(1, lines, linesPerSecond).seconds, sources, by },
    timeScale,
    timeLapse: lapse
      ? { outageSeconds: lapse.outageSeconds, how: describeLapse(lapse, pipeline.kafka !== undefined) }
      : null,
    variables: scenario.variables ?? {},
    images: await imagesOf(pipeline, by, sources),
    faults: (withFaults ? scenario.faults : []).map((fault) => ({
      kind: fault.kind,
      target: fault.target,
      injected: momentOf(fault.at, lines, linesPerSecond),
      healed: fault.until === undefined ? null : momentOf(fault.until, lines, linesPerSecond),
      audit: fault.audit ?? null,
      expected: planFault(fault, pipeline).expected,
    })),
    expected: [
      ...(scenario.scenario.startIsClaimed ? [] : [arrives]),
      agree,
      ...(withFaults ? [] : [controlled]),
    ],
  };
}

async function imagesOf(
  pipeline: Pipeline,
  by: SourceName,
  sources: number,
): Promise<PlanDocument["images"]> {
  const writers = Array.from({ length: sources }, (_, index) => `app-${index + 1}`);
  const { image } = sourcesByName[by];
  const ofWriters = image === undefined ? [] : [{ services: writers, references: await referencesOf(image) }];
  const { deployment } = pipeline;
  const ofParts = allPartsOf(pipeline).map(async ({ services, image }) => ({
    services: Object.keys(services),
    references: image === undefined ? [] : await referencesOf(image),
  }));
  if (deployment.kind === "fixture") return [...ofWriters, ...(await Promise.all(ofParts))];
  const ofOwn = allPartsOf(pipeline).flatMap(({ services }) =>
    Object.keys(services).map((service) => {
      const image = deployment.images.get(service);
      return { services: [service], references: image === undefined ? [] : [image] };
    }),
  );
  return [...ofWriters, ...ofOwn];
}

async function referencesOf({
  name,
  version,
  reference,
}: Pick<PartImage, "name" | "version" | "reference">): Promise<string[]> {
  if (reference !== undefined) return [reference];
  const entry = await catalogueEntry(name, version);
  return [...(entry.pull === undefined ? [] : [entry.pull]), ...(entry.build ? [builtReference(entry)] : [])];
}
