import type { LookAsShipper } from "../load/lines-location.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import { sources } from "../load/source.ts";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { type ShownContainer, shownContainer } from "../pipeline/shown-load.ts";
import { scaleShipperBackoff, stampWithLineTime } from "../places/compose/shipper-config.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Stack } from "../places/place.ts";
import { HeldRetention } from "../products/kafka/held-retention.ts";
import type { Containers } from "./containers.ts";
import { writePlan } from "./run-outputs.ts";
import type { RunSetup } from "./run-setup.ts";

/** Copies the pipeline's files into the run's folder, with the shipper's retry periods scaled. */
export async function prepareFiles({
  request: { pipeline, plan },
  context: { place },
  outputs: { folder, redactor, journal },
}: RunSetup): Promise<void> {
  await place.prepare(pipeline, folder.pipeline, redactor);
  if (pipeline.shipper.config === undefined) return;
  const { timeScale, timeLapse, retries } = plan;
  const config = `${folder.pipeline}/${pipeline.shipper.config}`;
  await scaleShipperBackoff(config, timeScale);
  if (timeLapse) await stampWithLineTime(config);
  journal.add("prepared", { timeScale, retries, timeLapse });
}

/** Opens the source of the lines, which writes the sentinel of each source. */
export async function openWriter(setup: RunSetup, containers: Containers): Promise<LoadWriter> {
  const { request, context, outputs, loadPlan } = setup;
  const { load } = request.plan;
  const open = await sources[load.by].open(loadPlan, load.app ?? {}, {
    ...imageOptions(setup),
    place: context.place,
    runId: request.runId,
    logsFolder: outputs.logFiles.folder,
    shownAs: shownAsIn(request.pipeline),
  });
  containers.add(...open.containers);
  return open.writer;
}

/**
 * Starts the pipeline.
 *
 * @param monitored the variables of what watches it for alerts
 */
export async function startStack(
  setup: RunSetup,
  writer: LoadWriter,
  containers: Containers,
  monitored: Record<string, string>,
): Promise<Stack> {
  const { request, context, outputs } = setup;
  const { pipeline, plan, runId } = request;
  const ofLapse = plan.timeLapse && HeldRetention.variables(pipeline.kafka?.retentionCheckVariables ?? []);
  const stack = await context.place.start(pipeline, {
    runId,
    folder: outputs.folder.pipeline,
    logsFolder: writer.location.folder,
    logContainers: writer.location.containers,
    copiesFolder: outputs.logFiles.copies,
    variables: { ...plan.variables, ...ofLapse, ...monitored },
    isMonitored: Boolean(plan.alerts),
    ...imageOptions(setup),
  });
  containers.addStack(stack);
  await writer.meetShipper(viewOfShipper(stack));
  outputs.redactor.add(await stack.secrets());
  // It was stored before the secrets of the containers were known.
  await writePlan(outputs, plan);
  outputs.journal.add("up", { images: containers.images, notes: stack.notes });
  return stack;
}

/** As what the containers of the load appear to the shipper of a custom pipeline; undefined if it reads files. */
function shownAsIn({ deployment }: Pipeline): ((index: number) => ShownContainer) | undefined {
  if (deployment.kind !== "own" || deployment.stdout === undefined) return undefined;
  const { shown } = deployment.stdout;
  return (index) => shownContainer(shown, index);
}

/** How to look at the files of the lines from the shipper's container, if only that container can see them; undefined if it reads none. */
function viewOfShipper(stack: Stack): LookAsShipper | undefined {
  const folder = engineFolderIn(stack.pipeline);
  const [shipper] = stack.instances(servicesOf(stack.pipeline, "shipper"));
  return folder === undefined ? undefined : async (path) => shipper?.fileState?.(`${folder}/${path}`);
}

/** The path of the engine's folder of containers in the shipper's container. */
function engineFolderIn({ deployment }: Pipeline): string | undefined {
  if (deployment.kind === "fixture") return deployment.stdout?.path;
  return deployment.stdout?.by === "files" ? deployment.logsPath : undefined;
}

function imageOptions({ context, outputs }: RunSetup): ImageOptions {
  return {
    onProgress: (text: string) => outputs.journal.add("image", { text }),
    signal: context.signal,
  };
}
