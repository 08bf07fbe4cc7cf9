import type { Admin } from "kafkajs";
import { request } from "undici";
import { pause } from "../pause.ts";
import { connectKafka } from "../stack/kafka.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";
import { Down } from "./down.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

const probeMs = 200;
const probes = 200;
const momentProbeMs = 2;
const momentTimeoutMs = 10_000;

/**
 * SIGKILL of the broker that leads most of the topic's records, at a moment at which the gateway has lines on their way to Kafka:
 * a broker that goes between two pushes, as nine in ten do at 6,000 lines a second, is a lesser test. In force for real only
 * when others lead its partitions: one that comes back before the cluster has noticed puts replication to no test.
 */
export class KillLeader implements Fault {
  readonly #world: FaultWorld;
  readonly #stack: Stack;
  #down: Down | undefined;
  #nodeId = -1;
  #killedAtMs = 0;
  #bytesInFlight = 0;

  constructor(world: FaultWorld) {
    this.#world = world;
    this.#stack = world.stack;
  }

  async inject(): Promise<number> {
    const { nodeId, service } = await withAdmin(this.#stack, (admin) => busiestLeader(admin, this.#topic));
    this.#nodeId = nodeId;
    this.#down = new Down(this.#stack, [service], "kill", () => this.#pushInFlight());
    this.#killedAtMs = await this.#down.inject();
    return this.#killedAtMs;
  }

  async prove(): Promise<Proof> {
    const { effective, evidence } = await this.#down!.prove();
    const movedAtMs = await withAdmin(this.#stack, (admin) => this.#leadersMovedAtMs(admin));
    const seconds = (((movedAtMs ?? Date.now()) - this.#killedAtMs) / 1_000).toFixed(1);
    const moment = this.#bytesInFlight > 0 ? `with ${this.#bytesInFlight} bytes on their way, ` : "";
    return {
      effective: effective && movedAtMs !== undefined,
      evidence: `${evidence}, ${moment}${movedAtMs ? `its partitions had other leaders after ${seconds} s` : `but it was their leader still after ${seconds} s`}`,
    };
  }

  async heal(): Promise<number> {
    return this.#down!.heal();
  }

  get #topic(): string {
    return this.#stack.pipeline.kafka!.topic;
  }

  /** Waits until the gateway holds a push that it has not answered; for 10 s at the most, as without load there is none. */
  async #pushInFlight(): Promise<void> {
    const [gateway] = servicesOf(this.#stack.pipeline, "gateway");
    const url = await this.#stack.url(gateway!);
    const deadlineMs = Date.now() + momentTimeoutMs;
    while (this.#bytesInFlight === 0 && Date.now() < deadlineMs) {
      await pause(momentProbeMs, this.#world.signal);
      this.#bytesInFlight = await queuedBytes(`${url}/metrics`);
    }
  }

  async #leadersMovedAtMs(admin: Admin): Promise<number | undefined> {
    for (let probe = 0; probe < probes; probe++) {
      const leaders = await leadersOf(admin, this.#topic);
      if (![...leaders.values()].some((leader) => leader === this.#nodeId || leader < 0)) return Date.now();
      await pause(probeMs, this.#world.signal);
    }
    return undefined;
  }
}

async function queuedBytes(url: string): Promise<number> {
  const { body } = await request(url, { signal: AbortSignal.timeout(momentTimeoutMs) });
  return Number(/^push_gateway_queued_bytes (\S+)$/m.exec(await body.text())?.[1] ?? 0);
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

async function withAdmin<Result>(stack: Stack, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = connectKafka(stack).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
