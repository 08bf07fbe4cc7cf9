import { pause } from "../../base/abortable-pause.ts";
import { UnavailableError } from "../../base/errors.ts";
import type { Ledger } from "../../load/ledger.ts";
import { clockFromNow, type LoadPlan, shareOf } from "../../load/load-plan.ts";
import type { Instance } from "../../places/instance.ts";
import type { Stack } from "../../places/place.ts";
import type { PipelineKafka } from "../../sinks/kafka/pipeline-kafka.ts";
import { ProcessorUse } from "../processor-use.ts";
import type { TrialInput } from "../search/trial-result.ts";
import type { Trial } from "../throughput-document.ts";
import { trialLoad } from "../trial-load.ts";
import type { TrialStack } from "../trial-stack.ts";
import { gatewayResult } from "./gateway-result.ts";
import type { Pushed } from "./gateway-worker.ts";
import { GatewayWriter } from "./gateway-writer.ts";
import { TopicPart } from "./topic-part.ts";

/** Stops the consumer, so that nothing but gateways and Kafka works while lines are pushed. */
export async function isolateGateway({ stack }: Pick<TrialStack, "stack">): Promise<void> {
  const { consumer } = stack.pipeline;
  const consumers = consumer === undefined ? [] : stack.instances(Object.keys(consumer.services));
  await Promise.all(consumers.map((instance) => instance.end("term")));
}

/**
 * Carries out one trial of the gateway and Kafka alone: pushes lines to the gateway at a rate, and reads every line in the topic.
 *
 * @param number which trial of the search it is, from 1
 * @throws UnavailableError if the gateway does not acknowledge a first line of each source
 * @throws ReadError if the topic could not be read
 */
export async function measureGatewayTrial(on: TrialStack, trial: TrialInput, number: number): Promise<Trial> {
  const { stack, signal, journal, lagBoundSeconds, drainSeconds } = on;
  const trialStartedAtMs = Date.now();
  const kafka = on.kafka!;
  const plan = trialLoad(on, trial, number);
  const topic = await TopicPart.beginNow(kafka);
  const clock = clockFromNow(plan);
  const durationMs = trial.durationSeconds * 1_000;
  const writer = new GatewayWriter({
    ...{ urls: await urlsOf(stack), seed: plan.seed, clock, sources: streamsOf(plan), durationMs },
    ...{ lagBoundMs: lagBoundSeconds * 1_000, drainMs: drainSeconds * 1_000 },
  });
  const onAbort = () => writer.stop();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await writer.ready;
    const use = await ProcessorUse.start(measuredOf(stack, kafka));
    writer.start();
    await Promise.race([pause(durationMs, signal), writer.finished]);
    const processors = await use.end();
    const pushed = await writer.finished;
    signal.throwIfAborted();
    journal.add("trial-pushed", { number, ...pushed });
    const ledger = ledgerOf(plan, clock, pushed);
    let reading = await topic.read(ledger, signal);
    if (reading.lost > 0) {
      // What was given up may still be written by the gateway.
      await pause(stack.pipeline.quietSeconds * 1_000, signal);
      reading = await topic.read(ledger, signal);
    }
    await topic.remove(journal);
    const measured: Trial = {
      ...{ number, ...trial, effectiveDurationSeconds: trial.durationSeconds },
      tookSeconds: (Date.now() - trialStartedAtMs) / 1_000,
      ...gatewayResult(trial, plan.lines, pushed, reading),
      processors,
    };
    journal.add("trial", { ...measured });
    return measured;
  } finally {
    signal.removeEventListener("abort", onAbort);
    writer.stop();
  }
}

function measuredOf(stack: Stack, { topics }: PipelineKafka): Instance[] {
  const { gateway } = stack.pipeline;
  return stack.instances([...Object.keys(gateway!.services), ...Object.keys(topics.services)]);
}

async function urlsOf(stack: Stack): Promise<string[]> {
  const gateways = stack.instances(Object.keys(stack.pipeline.gateway!.services));
  const addresses = await Promise.all(gateways.map((gateway) => gateway.address()));
  const urls = addresses.flatMap((address) => (address === undefined ? [] : [address.url]));
  if (urls.length > 0) return urls;
  throw new UnavailableError("the gateway cannot be reached: its port is not published");
}

/**
 * The streams have the same labels in every trial, so that they are on the same partitions. Of the six partitions of Everyline's pipelines, the
 * first four streams with these names have one each.
 */
function streamsOf({ sources, lines }: LoadPlan) {
  return sources.map((source, index) => ({
    source,
    labels: `{filename="/logs/service-${index + 1}.log", job="logs"}`,
    lines: shareOf(lines, index, sources.length),
  }));
}

function ledgerOf({ seed, sources }: LoadPlan, clock: Ledger["clock"], { streams }: Pushed): Ledger {
  return {
    schema: "everyline/ledger@1",
    ...{ seed, clock },
    sources: sources.map((source, index) => ({ source, written: streams[index]!.pushed, marks: [] })),
  };
}
