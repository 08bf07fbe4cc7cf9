import type { Admin } from "kafkajs";
import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { sumOf } from "../base/metrics.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Instance } from "../places/instance.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import type { Stack } from "../places/place.ts";
import { assertAble } from "./able.ts";
import { Down, type DownEvidence } from "./down.ts";
import type { CommonEvidence } from "./evidence.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

const probeMs = 200;
const probes = 100;
const pushProbeMs = 20;
/** At 6,000 lines a second a push takes 40 to 180 ms, so a push that takes this long waits for the broker. */
const hangingMs = 500;
const pushTimeoutMs = 10_000;

/** The evidence of a broker that was killed, in addition to that of any instance that is to be down. */
export const killLeaderEvidence = z.discriminatedUnion("code", [
  /** How many bytes were waiting in the gateway, not yet acknowledged, when the broker was killed. */
  z.object({ code: z.literal("push-in-flight"), bytes: z.int() }),
  /** `afterMs`: the time until other brokers led its partitions; `hasMoved` is false if none did by then. */
  z.object({ code: z.literal("leaders-moved"), hasMoved: z.boolean(), afterMs: z.number() }),
]);

type LeaderEvidence = z.infer<typeof killLeaderEvidence>;
type KillLeaderEvidence = LeaderEvidence | DownEvidence | CommonEvidence;

export function describeKillLeader(evidence: LeaderEvidence): string {
  if (evidence.code === "push-in-flight")
    return evidence.bytes === 0
      ? "but no push waited for it in the gateway"
      : `${evidence.bytes} bytes waited for it in the gateway, unanswered`;
  const seconds = (evidence.afterMs / 1_000).toFixed(1);
  return evidence.hasMoved
    ? `its partitions had other leaders after ${seconds} s`
    : `but it was the leader of its partitions still after ${seconds} s`;
}

/**
 * SIGKILL of the broker that leads most of the topic's records. The broker is stopped first (SIGSTOP), until the gateway waits for a push that
 * it cannot have answered. Without that, nine of ten brokers would be killed between two pushes, and no retry would be tested. The fault has
 * taken effect only when other brokers lead its partitions: if the broker came back before the cluster noticed, replication would not be
 * tested either.
 */
export class KillLeader implements Fault<KillLeaderEvidence> {
  readonly #context: FaultContext;
  readonly #stack: Stack;
  #down: Down | undefined;
  #nodeId = -1;
  #killedAtMs = 0;
  #bytesInFlight = 0;
  #movedAtMs: number | undefined;

  constructor(context: FaultContext) {
    this.#context = context;
    this.#stack = context.stack;
  }

  /** The evidence that is required for the fault to count, in words. */
  static expected(kafka: string[]): string {
    return (
      `the one of ${kafka.join(", ")} that leads most of the topic: hangs until a push waits for it in the gateway, then its process ` +
      "ends with exit code 137 (SIGKILL); others lead its partitions before it is started again; lines are written meanwhile"
    );
  }

  async inject(): Promise<number> {
    const { holds, signal } = this.#context;
    const { pipeline } = this.#stack;
    const needed = [...servicesOf(pipeline, "kafka"), ...servicesOf(pipeline, "gateway")];
    const names = this.#stack.instances(needed).map(({ name }) => name);
    await holds.whenUp(names, signal);
    const { nodeId, service } = await askKafka(this.#stack, (admin) => busiestLeader(admin, this.#topic));
    this.#nodeId = nodeId;
    const broker = this.#stack.instance(service);
    this.#down = new Down(this.#context, [broker], "kill", () => this.#hang(broker));
    this.#killedAtMs = await this.#down.inject();
    return this.#killedAtMs;
  }

  async prove(): Promise<Proof<KillLeaderEvidence>> {
    const { effective, evidence } = await this.#down!.prove();
    if (!effective) return { effective, evidence };
    const bytes = this.#bytesInFlight;
    if (bytes === 0) return { effective: false, evidence: [...evidence, { code: "push-in-flight", bytes }] };
    // It is enough that others have led its partitions once, whoever leads them at the end.
    this.#movedAtMs ??= await this.#leadersMovedAtMs();
    const hasMoved = this.#movedAtMs !== undefined;
    const afterMs = (this.#movedAtMs ?? Date.now()) - this.#killedAtMs;
    return {
      effective: hasMoved,
      evidence: [
        ...evidence,
        { code: "push-in-flight", bytes },
        { code: "leaders-moved", hasMoved, afterMs },
      ],
    };
  }

  async heal(): Promise<number> {
    return (await this.#down?.heal()) ?? Date.now();
  }

  get #topic(): string {
    return this.#stack.pipeline.kafka!.topic;
  }

  /** Stops the broker until a push waits in the gateway, for at most 10 s, because without load no push would wait. */
  async #hang(broker: Instance): Promise<void> {
    const [gateway] = this.#stack.instances(servicesOf(this.#stack.pipeline, "gateway"));
    const address = await gateway!.address();
    if (address === undefined)
      throw new Error(`${gateway!.name} publishes no port, so it cannot be observed when a push waits in it`);
    assertAble(broker.pause, "stop a process where it is");
    await broker.pause!();
    try {
      await this.#untilAPushHangs(address.url);
    } catch (thrown) {
      await broker.unpause!();
      throw thrown;
    }
  }

  async #untilAPushHangs(gatewayUrl: string): Promise<void> {
    const deadlineMs = Date.now() + pushTimeoutMs;
    for (let idleAtMs = Date.now(); Date.now() < deadlineMs; ) {
      await pause(pushProbeMs, this.#context.signal);
      const bytes = sumOf(await metricsAt(gatewayUrl), "push_gateway_queued_bytes");
      if (bytes === 0) idleAtMs = Date.now();
      if (Date.now() - idleAtMs < hangingMs) continue;
      this.#bytesInFlight = bytes;
      return;
    }
  }

  async #leadersMovedAtMs(): Promise<number | undefined> {
    for (let probe = 0; probe < probes; probe++) {
      // A cluster that has just lost a broker does not always answer.
      const leaders = await askKafka(this.#stack, (admin) => leadersOf(admin, this.#topic)).catch(
        () => undefined,
      );
      const hasMoved =
        leaders && [...leaders.values()].every((leader) => leader >= 0 && leader !== this.#nodeId);
      if (hasMoved) return Date.now();
      await pause(probeMs, this.#context.signal);
    }
    return undefined;
  }
}

async function leadersOf(admin: Admin, topic: string): Promise<Map<number, number>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return new Map(topics[0]!.partitions.map(({ partitionId, leader }) => [partitionId, leader]));
}

async function busiestLeader(admin: Admin, topic: string): Promise<{ nodeId: number; service: string }> {
  const leaders = await leadersOf(admin, topic);
  const { brokers } = await admin.describeCluster();
  const records = new Map<number, number>();
  for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
    const leader = leaders.get(partition)!;
    records.set(leader, (records.get(leader) ?? 0) + Number(high));
  }
  const [nodeId] = [...records].sort(([, one], [, other]) => other - one)[0]!;
  return { nodeId, service: brokers.find((broker) => broker.nodeId === nodeId)!.host };
}
