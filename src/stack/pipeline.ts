import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UsageError } from "../errors.ts";

/** The folder that holds one folder a pipeline. */
const pipelinesFolder = join(import.meta.dirname, "../../fixtures/pipelines");

const partSchema = z.strictObject({
  /** The service's name in the Compose file. */
  service: z.string(),
  /** The port of its HTTP server inside the container. */
  port: z.int().min(1).max(65_535),
  /** The Compose variable that sets the published port; Everyline sets it to 0, for an ephemeral one. */
  portVariable: z.string(),
  /** Which image of the catalogue it runs, and the Compose variable that takes the reference. */
  image: z.strictObject({ name: z.string(), version: z.string(), variable: z.string() }),
});

const pipelineSchema = z.strictObject({
  /** One line for people. */
  title: z.string(),
  /** The Compose file, in the pipeline's folder. */
  compose: z.string(),
  /** The network, as the Compose file names it, that a partition takes a service from. */
  network: z.string(),
  /** The Compose variable that takes the folder which the load writes into. */
  logsVariable: z.string(),
  /** The LogQL selector of every stream the pipeline delivers. */
  selector: z.string(),
  loki: partSchema,
  /** Promtail; `config` is its file in the pipeline's folder. */
  shipper: partSchema.extend({ config: z.string() }),
});

/** A part of a pipeline that runs as a container: the name of its hop. */
export type PartName = "loki" | "shipper";

/** The system under test: what `pipeline.yaml` says of a folder of `fixtures/pipelines`. */
export type Pipeline = z.infer<typeof pipelineSchema> & { name: string; folder: string };

/** The names of all pipelines, sorted. */
export async function listPipelines(): Promise<string[]> {
  const entries = await readdir(pipelinesFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Reads one pipeline's description.
 *
 * @throws UsageError if there is no such pipeline, or its description is not one
 */
export async function loadPipeline(name: string): Promise<Pipeline> {
  const known = await listPipelines();
  if (!known.includes(name)) {
    throw new UsageError(`there is no pipeline "${name}"; the pipelines are: ${known.join(", ")}.`);
  }
  const folder = join(pipelinesFolder, name);
  const path = join(folder, "pipeline.yaml");
  try {
    return { ...pipelineSchema.parse(parse(await readFile(path, "utf8"))), name, folder };
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} does not describe a pipeline:\n${why}`);
  }
}
