import type { SourceName } from "../load/load-plan.ts";
import { sources as sourcesByName } from "../load/source.ts";
import { allPartsOf, type PartImage, type Pipeline } from "../pipeline/pipeline.ts";
import { builtReference, catalogueEntry } from "../places/images/catalogue.ts";
import type { Plan } from "./plan.ts";

/**
 * The images that a run needs, with the services that run them.
 *
 * @param by the source of the run's lines
 * @param sources the number of sources
 */
export async function imagesOf(pipeline: Pipeline, by: SourceName, sources: number): Promise<Plan["images"]> {
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
