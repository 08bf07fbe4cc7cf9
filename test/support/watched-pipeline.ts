import { randomInt } from "node:crypto";
import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { randomSeed } from "../../src/load/seed.ts";
import { monitoringPartsOf } from "../../src/pipeline/monitoring.ts";
import { allPartsOf, type Pipeline } from "../../src/pipeline/pipeline.ts";
import { composeUp } from "../../src/places/compose/compose-up.ts";
import { publishedAt } from "../../src/places/compose/container.ts";
import { connectEngine } from "../../src/places/compose/engine.ts";
import { projectLabel, projectName, removeProject, serviceLabel } from "../../src/places/compose/project.ts";
import { resolvePartImage } from "../../src/places/images/images.ts";
import { forgetRun, registerRun } from "../../src/store/active-runs.ts";

/** A pipeline with what watches it, started with `docker compose` from the files of the repository, as by hand. */
export class WatchedPipeline {
  readonly #docker: Docker;
  readonly #pipeline: Pipeline;
  readonly #runId = `test-${randomSeed()}`;
  readonly #folder: string;
  #lines = 0;

  private constructor(docker: Docker, pipeline: Pipeline, folder: string) {
    this.#docker = docker;
    this.#pipeline = pipeline;
    this.#folder = folder;
  }

  /** Starts it; what was started is removed also where this fails. */
  static async start(pipeline: Pipeline): Promise<WatchedPipeline> {
    const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
    const watched = new WatchedPipeline(await connectEngine(), pipeline, folder);
    try {
      await watched.#up();
      return watched;
    } catch (thrown) {
      await watched.remove();
      throw thrown;
    }
  }

  async #up(): Promise<void> {
    const { compose, folder, monitoring } = this.#pipeline;
    await mkdir(this.#logs);
    registerRun(this.#runId, { folder: this.#logs });
    const environment: Record<string, string> = {
      LOGS_FOLDER: this.#logs,
      SUBNETS: `198.${18 + randomInt(2)}.${randomInt(256)}`,
    };
    const options = { onProgress: () => {}, signal: new AbortController().signal };
    for (const { services, image } of [...allPartsOf(this.#pipeline), ...monitoringPartsOf(monitoring!)]) {
      environment[image!.variable] = (await resolvePartImage(this.#docker, image!, options)).reference;
      for (const variable of Object.values(services)) if (variable !== null) environment[variable] = "0";
    }
    await composeUp(this.#docker, {
      folder,
      files: [compose, monitoring!.compose],
      project: projectName(this.#runId),
      environment,
      mayPull: false,
    });
  }

  get #logs(): string {
    return join(this.#folder, "logs");
  }

  /** Writes lines into the file that Promtail reads. */
  async write(count: number): Promise<void> {
    const lines = Array.from(
      { length: count },
      () => `{"level":"info","message":"Test log ${++this.#lines}"}\n`,
    );
    await appendFile(join(this.#logs, "app.log"), lines.join(""));
  }

  async container(service: string): Promise<Docker.Container> {
    const label = [`${projectLabel}=${projectName(this.#runId)}`, `${serviceLabel}=${service}`];
    const [found] = await this.#docker.listContainers({ all: true, filters: { label } });
    return this.#docker.getContainer(found!.Id);
  }

  /** Takes a service out of a network, as a cut link does. */
  async disconnect(service: string, network: string): Promise<void> {
    const { id } = await this.container(service);
    await this.#docker.getNetwork(`${projectName(this.#runId)}_${network}`).disconnect({ Container: id });
  }

  /** The address at which a port of a service's container is published. */
  async url(service: string, port: number): Promise<string> {
    const { host, port: number } = (await publishedAt(await this.container(service), [port])).get(port)!;
    return `http://${host}:${number}`;
  }

  /** The samples that a query selects at this moment: the value of each, with its labels. */
  async query(expression: string): Promise<{ labels: Record<string, string>; value: number }[]> {
    const body = new URLSearchParams({ query: expression });
    const answer = await fetch(`${await this.url("prometheus", 9090)}/api/v1/query`, {
      method: "POST",
      body,
    });
    if (!answer.ok) throw new Error(`${expression}: ${await answer.text()}`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  async remove(): Promise<void> {
    await removeProject(this.#docker, projectName(this.#runId));
    await rm(this.#folder, { recursive: true, force: true });
    forgetRun(this.#runId);
  }
}
