import type Docker from "dockerode";
import type { Redactor } from "../../base/redact.ts";
import { attachedProject, type Pipeline } from "../../pipeline/pipeline.ts";
import type { ImageOptions } from "../images/image-options.ts";
import type { Instance } from "../instance.ts";
import type {
  FoundStack,
  HelperSpec,
  Place,
  PlaceDescription,
  ProgramEnd,
  ProgramSpec,
  Removed,
  Stack,
  StartOptions,
} from "../place.ts";
import { removeAbandoned } from "./abandoned.ts";
import { connectEngine, describeEngine } from "./engine.ts";
import { EngineImages } from "./engine-images.ts";
import { EngineViews } from "./engine-view/engine-views.ts";
import { findStack } from "./find-stack.ts";
import { listProjects, projectName, removeProject, runIdOf } from "./project.ts";
import { runProgram } from "./run-program.ts";
import { copyDescription, startCompose } from "./start-compose.ts";
import { startHelpers } from "./start-helpers.ts";

/** One machine with a container engine, on which Compose starts pipelines. */
export class ComposePlace implements Place {
  readonly docker: Docker;
  readonly images: EngineImages;
  readonly #views: EngineViews;

  constructor(docker: Docker) {
    this.docker = docker;
    this.images = new EngineImages(docker);
    this.#views = new EngineViews(docker);
  }

  /** @throws UnavailableError if no engine answers, naming what was tried */
  static async connect(): Promise<ComposePlace> {
    return new ComposePlace(await connectEngine());
  }

  async describe(): Promise<PlaceDescription> {
    return describeEngine(this.docker);
  }

  async prepare(pipeline: Pipeline, folder: string, redactor: Redactor): Promise<void> {
    await copyDescription(pipeline, folder, redactor);
  }

  async find(pipeline: Pipeline): Promise<FoundStack> {
    const { deployment } = pipeline;
    const project = attachedProject(pipeline);
    if (deployment.kind !== "own" || project === undefined)
      throw new RangeError(`${pipeline.name} names no running stack`);
    return findStack(this.docker, pipeline, { ...deployment, project });
  }

  async start(pipeline: Pipeline, options: StartOptions): Promise<Stack> {
    return startCompose(this.docker, pipeline, options, this.#views);
  }

  async startHelpers(
    runId: string,
    helpers: readonly HelperSpec[],
    options: ImageOptions,
  ): Promise<Instance[]> {
    const started = await startHelpers(this.docker, runId, helpers, options);
    const shown = started.flatMap(({ container }, index) => {
      const { shownAs } = helpers[index]!.stdout ?? {};
      return shownAs === undefined ? [] : [{ ...shownAs, id: container.id }];
    });
    this.#views.show(runId, shown);
    return started;
  }

  async runProgram(runId: string, program: ProgramSpec, options: ImageOptions): Promise<ProgramEnd> {
    return runProgram(this.docker, runId, program, options);
  }

  async leftovers(): Promise<string[]> {
    return (await listProjects(this.docker)).flatMap((project) => runIdOf(project) ?? []);
  }

  async remove(runId: string): Promise<Removed> {
    // In a stack that was attached to, only what the run has added carries this label.
    const removed = await removeProject(this.docker, projectName(runId));
    await this.#views.close(runId);
    return { ...removed };
  }

  async leave(runId: string): Promise<void> {
    await this.#views.close(runId);
  }

  async removeAbandoned(runId: string): Promise<Removed> {
    return { ...(await removeAbandoned(this.docker, projectName(runId))) };
  }
}
