import { UsageError } from "../base/errors.ts";
import { monitoringPartsOf } from "./monitoring.ts";
import { allPartsOf, type Part, type Pipeline } from "./pipeline.ts";

/** Which image to run instead of another, by the name of an image of the catalogue or of a service. */
export type ImageOverrides = ReadonlyMap<string, string>;

/** Examples for help and messages: a version of an image, and a whole reference. */
export const exampleOverride = "loki=3.7.6";
export const exampleReference = "grafana/loki:3.7.6";

const overrideForm = /^([\w.-]+)=(\S+)$/;

/**
 * Parses one `NAME=IMAGE` of the command line and adds it to those before.
 *
 * @throws UsageError if it has another form
 */
export function parseImageOverride(text: string, before: ImageOverrides = new Map()): ImageOverrides {
  const [, name, image] = overrideForm.exec(text) ?? [];
  if (name !== undefined && image !== undefined) return new Map(before).set(name, image);
  throw new UsageError(
    `expected NAME=VERSION or NAME=REFERENCE for --image, as in ${exampleOverride} or loki=${exampleReference}, got ${JSON.stringify(text)}.`,
  );
}

/** Whether an image is given as a complete reference rather than a version. */
export function isReference(image: string): boolean {
  return /[/:@]/.test(image);
}

/**
 * Returns the pipeline with other images: each part that runs a named image gets the other version or reference.
 *
 * @throws UsageError if the pipeline runs no such image
 */
export function withImages(pipeline: Pipeline, overrides: ImageOverrides): Pipeline {
  const { monitoring } = pipeline;
  const parts: Part[] = [...allPartsOf(pipeline), ...(monitoring ? monitoringPartsOf(monitoring) : [])];
  const used = parts.flatMap(({ image }) => image?.name ?? []);
  const unknown = [...overrides.keys()].find((name) => !used.includes(name));
  if (unknown !== undefined) {
    const names = [...new Set(used)].join(", ");
    throw new UsageError(`the pipeline ${pipeline.name} runs no image "${unknown}"; it runs: ${names}.`);
  }
  const changed = <P extends Part>(part: P): P => {
    const image = part.image && overrides.get(part.image.name);
    if (part.image === undefined || image === undefined) return part;
    const other = isReference(image) ? { reference: image } : { version: image };
    return { ...part, image: { ...part.image, ...other } };
  };
  const { shipper, gateway, kafka, consumer, sink, beside } = pipeline;
  return {
    ...pipeline,
    shipper: changed(shipper),
    gateway: gateway && changed(gateway),
    kafka: kafka && changed(kafka),
    consumer: consumer && changed(consumer),
    sink: changed(sink),
    beside: Object.fromEntries(Object.entries(beside).map(([name, part]) => [name, changed(part)])),
    monitoring: monitoring && {
      ...monitoring,
      prometheus: changed(monitoring.prometheus),
      alertmanager: changed(monitoring.alertmanager),
      receiver: changed(monitoring.receiver),
      exporters: Object.fromEntries(
        Object.entries(monitoring.exporters).map(([name, part]) => [name, changed(part)]),
      ),
    },
  };
}
