import { mkdir } from "node:fs/promises";
import type Docker from "dockerode";
import type { Redactor } from "../../base/redact.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { StartOptions } from "../place.ts";
import { ComposeStack } from "./compose-stack.ts";
import { EngineViews } from "./engine-view/engine-views.ts";
import { assertWatches } from "./own-monitoring.ts";
import { projectName } from "./project.ts";
import { assertReachesPorts } from "./shared-with-engine.ts";
import { copyPipeline, startFixture } from "./start-fixture.ts";
import { copyOwn, startOwn } from "./start-own.ts";

/**
 * Starts the containers, or attaches to running ones; does not wait until they are ready. Everything that was started stays until
 * `removeProject`, also if this throws.
 *
 * @param views in which the stand-in for the engine is opened, if a service of the user's has the engine's socket
 * @throws UnavailableError if an image is not available or Compose fails, with its message
 */
export async function startCompose(
  docker: Docker,
  pipeline: Pipeline,
  options: StartOptions,
  views = new EngineViews(docker),
): Promise<ComposeStack> {
  await assertReachesPorts(docker);
  const { deployment } = pipeline;
  if (deployment.kind === "fixture") {
    const project = projectName(options.runId);
    const started = await startFixture(docker, pipeline, deployment, project, options);
    return ComposeStack.of(docker, pipeline, project, started);
  }
  const project = deployment.project ?? projectName(options.runId);
  const monitoring = options.isMonitored ? pipeline.ownMonitoring : undefined;
  if (deployment.project !== undefined) {
    if (monitoring !== undefined) await assertWatches(docker, project, monitoring);
    return ComposeStack.of(docker, pipeline, project, { monitoring });
  }
  const own = await startOwn(docker, pipeline, deployment, project, options, views);
  return ComposeStack.of(docker, pipeline, project, { recreate: own.recreate, own, monitoring });
}

/** Copies the files of a pipeline to the folder of a run, from which fixtures are started. */
export async function copyDescription(pipeline: Pipeline, folder: string, redactor: Redactor): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { deployment } = pipeline;
  if (deployment.kind === "own") await copyOwn(deployment, folder, redactor);
  else await copyPipeline(pipeline, folder);
}
