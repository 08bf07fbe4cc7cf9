import { exampleReference, isReference } from "../pipeline/image-overrides.ts";
import {
  allPartsOf,
  attachedProject,
  type PartImage,
  type Pipeline,
  servicesOf,
} from "../pipeline/pipeline.ts";
import { missingTarget, severalInstances } from "./targets.ts";

/** Containers that are to run another image. */
interface ImageChange {
  target: string;
  /** A version of the part's image, or a whole reference. */
  image: string;
}

/** Why the image of a target cannot be replaced by another, as the end of a sentence; undefined if it can. */
export function irreplaceable({ target, image }: ImageChange, pipeline: Pipeline): string | undefined {
  const missing = missingTarget(pipeline, target);
  if (missing !== undefined) return missing;
  const project = attachedProject(pipeline);
  if (project !== undefined)
    return `replaces containers, and those of ${project} are not Everyline's to replace; leave --project away, so that a stack of its own is started`;
  const images = imagesOf(pipeline, target);
  const names = new Set(images.map((each) => each?.name));
  if (names.size !== 1)
    return `needs a target whose containers run one image, and those of ${target} run ${names.size}; name a part or a service of ${pipeline.name}`;
  if (images[0] === undefined && !isReference(image))
    return `needs a whole reference as the image of ${target}, as in ${exampleReference}, and has ${JSON.stringify(image)}`;
  return severalInstances(pipeline, servicesOf(pipeline, target));
}

/** What the parts of a target run, as the pipeline says; undefined for a part that its Compose file alone says it of. */
function imagesOf(pipeline: Pipeline, target: string): (PartImage | undefined)[] {
  const services = servicesOf(pipeline, target);
  return allPartsOf(pipeline)
    .filter((part) => services.some((service) => service in part.services))
    .map((part) => part.image);
}

/** The part's image in another version; undefined where the fault names a reference and the pipeline no image. */
export function partImageOf({ target, image }: ImageChange, pipeline: Pipeline): PartImage | undefined {
  const [known] = imagesOf(pipeline, target);
  if (known === undefined) return undefined;
  const { name, variable, version } = known;
  return isReference(image)
    ? { name, variable, version, reference: image }
    : { name, variable, version: image };
}
