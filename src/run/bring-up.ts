import type { LogWriter } from "../load/log-writer.ts";
import { createWriter } from "../load/log-writers.ts";
import { scaleShipperBackoff, stampWithLineTime } from "../places/compose/shipper-config.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Stack } from "../places/place.ts";
import type { Containers } from "./containers.ts";
import { HeldRetention } from "./held-retention.ts";
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

/** Opens what writes the lines, and has it write every sentinel. */
export async function openWriter(setup: RunSetup, containers: Containers): Promise<LogWriter> {
  const { request, context, outputs, loadPlan } = setup;
  const ready = await createWriter(loadPlan, request.plan.load, {
    ...imageOptions(setup),
    place: context.place,
    runId: request.runId,
    logsFolder: outputs.logFiles.folder,
  });
  containers.add(...ready.containers);
  return ready.writer;
}

/** Starts the pipeline. */
export async function startStack(setup: RunSetup, containers: Containers): Promise<Stack> {
  const { request, context, outputs } = setup;
  const { pipeline, plan, runId } = request;
  const ofLapse = plan.timeLapse && HeldRetention.variables(pipeline.kafka?.retentionCheckVariables ?? []);
  const stack = await context.place.start(pipeline, {
    runId,
    folder: outputs.folder.pipeline,
    logsFolder: outputs.logFiles.folder,
    copiesFolder: outputs.logFiles.copies,
    variables: { ...plan.variables, ...ofLapse },
    ...imageOptions(setup),
  });
  containers.addStack(stack);
  outputs.redactor.add(await stack.secrets());
  outputs.journal.add("up", { images: containers.images, notes: stack.notes });
  return stack;
}

function imageOptions({ context, outputs }: RunSetup): ImageOptions {
  return {
    onProgress: (text: string) => outputs.journal.add("image", { text }),
    signal: context.signal,
  };
}
