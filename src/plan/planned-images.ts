import type { SourceName } from "../load/load-plan.ts";
import { sources as sourcesByName } from "../load/source.ts";
import { monitoringPartsOf } from "../pipeline/monitoring.ts";
import { allPartsOf, type PartImage, type Pipeline } from "../pipeline/pipeline.ts";
import { builtReference, catalogueEntry } from "../places/images/catalogue.ts";
import type { Plan } from "./plan.ts";

/** What decides about the images of a run in addition to the pipeline. */
export interface ImagesOfRun {
  /** The source of the run's lines, and the number of sources. */
  by: SourceName;
  sources: number;
  /** Whether alerts are observed. */
  isMonitored: boolean;
}

/** The images that a run needs, with the services that run them. */
export async function imagesOf(
  pipeline: Pipeline,
  { by, sources, isMonitored }: ImagesOfRun,
): Promise<Plan["images"]> {
  const writers = Array.from({ length: sources }, (_, index) => `app-${index + 1}`);
  const { image } = sourcesByName[by];
  const ofWriters = image === undefined ? [] : [{ services: writers, references: await referencesOf(image) }];
  const { deployment, monitoring } = pipeline;
  const watching = isMonitored && monitoring !== undefined ? monitoringPartsOf(monitoring) : [];
  const ofParts = [...allPartsOf(pipeline), ...watching].map(async ({ services, image }) => ({
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
