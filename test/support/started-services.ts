import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kafka } from "kafkajs";
import { randomSeed } from "../../src/load/seed.ts";
import { loadPipeline, type Pipeline } from "../../src/pipeline/pipeline.ts";
import type { ComposeStack } from "../../src/places/compose/compose-stack.ts";
import { connectEngine } from "../../src/places/compose/engine.ts";
import { projectName, removeProject } from "../../src/places/compose/project.ts";
import { startCompose } from "../../src/places/compose/start-compose.ts";
import { copyPipeline } from "../../src/places/compose/start-fixture.ts";
import { kafkaOf } from "../../src/places/kafka-of.ts";
import { groupLag } from "../../src/products/kafka/kafka-topic.ts";
import { forgetRun, registerRun } from "../../src/store/active-runs.ts";
import { needImages } from "./need-images.ts";
import { until, urlOf } from "./services-stack.ts";

/** The services before and behind Kafka, in a stack of their own that is ready. */
export interface StartedServices {
  pipeline: Pipeline;
  stack: ComposeStack;
  kafka: Kafka;
  /** The test's own, for names that no other test has. */
  runId: string;
  /** How many records the consumer has not taken yet; undefined while its group has no position. */
  lag(): Promise<number | undefined>;
  /** Removes everything that was started. */
  remove(): Promise<void>;
}

export const gateway = "push-gateway";
export const consumer = "loki-kafka-consumer";

const pipeline = await loadPipeline("kafka-hardened", "single");
await needImages(pipeline);

/** Starts them; what was started is removed also where this fails. */
export async function startServices(): Promise<StartedServices> {
  const docker = await connectEngine();
  const runId = `test-${randomSeed()}`;
  const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  const remove = async () => {
    await removeProject(docker, projectName(runId));
    await rm(folder, { recursive: true, force: true });
    forgetRun(runId);
  };
  const logsFolder = join(folder, "logs");
  await mkdir(logsFolder);
  // Otherwise `everyline clean` of a test beside this one would remove the containers as left by a killed run.
  registerRun(runId, { folder: logsFolder });
  try {
    await copyPipeline(pipeline, join(folder, "pipeline"));
    const stack = await startCompose(docker, pipeline, {
      runId,
      folder: join(folder, "pipeline"),
      logsFolder,
      onProgress: () => {},
      signal: new AbortController().signal,
    });
    await untilAnswers(stack, gateway, "/ready");
    await untilAnswers(stack, consumer, "/ready");
    await untilAnswers(stack, pipeline.sink.reader, "/loki/api/v1/labels");
    const kafka = kafkaOf(stack);
    return { pipeline, stack, kafka, runId, lag: () => lagOf(kafka), remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

function untilAnswers(stack: ComposeStack, service: string, path: string): Promise<void> {
  return until(`${service} answers ${path}`, async () => {
    const url = `${await urlOf(stack, service)}${path}`;
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  });
}

async function lagOf(kafka: Kafka): Promise<number | undefined> {
  const { group, topic } = pipeline.kafka!;
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await groupLag(admin, group, topic);
  } finally {
    await admin.disconnect();
  }
}
