import type { Admin } from "kafkajs";
import { request } from "undici";
import { pause } from "../pause.ts";
import { connectKafka, withAdmin } from "../stack/kafka.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";
import { Down } from "./down.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

const probeMs = 200;
const probes = 100;
const pushProbeMs = 20;
/** A push takes 40 to 180 ms at 6,000 lines a second. */
const hangingMs = 500;
const pushTimeoutMs = 10_000;

/**
 * SIGKILL of the broker that leads most of the topic's records. It hangs first (SIGSTOP), until the gateway has a push on its way
 * that the broker cannot have answered: one that dies between two pushes, as nine in ten do, puts nobody's retries to the test.
 * In force for real only when others lead its partitions: one that comes back before the cluster has noticed puts replication to
 * no test either.
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
    const { nodeId, service } = await withAdmin(connectKafka(this.#stack), (admin) =>
      busiestLeader(admin, this.#topic),
    );
    this.#nodeId = nodeId;
    this.#down = new Down(this.#stack, [service], "kill", () => this.#hang(service));
    this.#killedAtMs = await this.#down.inject();
    return this.#killedAtMs;
  }

  async prove(): Promise<Proof> {
    const { effective, evidence } = await this.#down!.prove();
    const movedAtMs = await this.#leadersMovedAtMs();
    const seconds = (((movedAtMs ?? Date.now()) - this.#killedAtMs) / 1_000).toFixed(1);
    const moment =
      this.#bytesInFlight > 0 ? `with ${this.#bytesInFlight} bytes in the gateway unanswered, ` : "";
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

  /** Stops the broker until a push hangs in the gateway; for 10 s at the most, as without load none does. */
  async #hang(service: string): Promise<void> {
    const [gateway] = servicesOf(this.#stack.pipeline, "gateway");
    const url = await this.#stack.url(gateway!);
    await this.#stack.container(service).kill({ signal: "SIGSTOP" });
    const deadlineMs = Date.now() + pushTimeoutMs;
    for (let idleAtMs = Date.now(); Date.now() < deadlineMs && Date.now() - idleAtMs < hangingMs; ) {
      await pause(pushProbeMs, this.#world.signal);
      this.#bytesInFlight = await queuedBytes(`${url}/metrics`);
      if (this.#bytesInFlight === 0) idleAtMs = Date.now();
    }
  }

  async #leadersMovedAtMs(): Promise<number | undefined> {
    for (let probe = 0; probe < probes; probe++) {
      // A cluster that has just lost a broker does not always answer.
      const leaders = await withAdmin(connectKafka(this.#stack), (admin) =>
        leadersOf(admin, this.#topic),
      ).catch(() => undefined);
      const hasMoved =
        leaders && [...leaders.values()].every((leader) => leader >= 0 && leader !== this.#nodeId);
      if (hasMoved) return Date.now();
      await pause(probeMs, this.#world.signal);
    }
    return undefined;
  }
}

async function queuedBytes(url: string): Promise<number> {
  const { body } = await request(url, { signal: AbortSignal.timeout(pushTimeoutMs) });
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
