import type { Admin } from "kafkajs";
import { sumOf } from "../base/metrics.ts";
import { pause } from "../base/pause.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import { metricsAt } from "../places/compose/service-metrics.ts";
import type { Stack } from "../places/compose/stack.ts";
import { connectKafka, withAdmin } from "../products/kafka-admin.ts";
import { Down } from "./down.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

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
  readonly #world: FaultContext;
  readonly #stack: Stack;
  #down: Down | undefined;
  #nodeId = -1;
  #killedAtMs = 0;
  #bytesInFlight = 0;
  #movedAtMs: number | undefined;

  constructor(world: FaultContext) {
    this.#world = world;
    this.#stack = world.stack;
  }

  /** What is asked of it before it counts, in words. */
  static expected(kafka: string[]): string {
    return (
      `the one of ${kafka.join(", ")} that leads most of the topic: hangs until a push waits for it in the gateway, then its process ` +
      "ends with exit code 137 (SIGKILL); others lead its partitions before it is started again; lines are written meanwhile"
    );
  }

  async inject(): Promise<number> {
    const { nodeId, service } = await withAdmin(connectKafka(this.#stack), (admin) =>
      busiestLeader(admin, this.#topic),
    );
    this.#nodeId = nodeId;
    this.#down = new Down(this.#world, [service], "kill", () => this.#hang(service));
    this.#killedAtMs = await this.#down.inject();
    return this.#killedAtMs;
  }

  async prove(): Promise<Proof> {
    const { effective, evidence } = await this.#down!.prove();
    if (!effective) return { effective, evidence };
    if (this.#bytesInFlight === 0)
      return { effective: false, evidence: `${evidence}, but no push waited for it in the gateway` };
    // Once others have been seen to lead, they were put to the test, whoever leads by the end.
    this.#movedAtMs ??= await this.#leadersMovedAtMs();
    const seconds = (((this.#movedAtMs ?? Date.now()) - this.#killedAtMs) / 1_000).toFixed(1);
    return {
      effective: this.#movedAtMs !== undefined,
      evidence: `${evidence}, with ${this.#bytesInFlight} bytes in the gateway unanswered, ${this.#movedAtMs ? `its partitions had other leaders after ${seconds} s` : `but it was their leader still after ${seconds} s`}`,
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
    const [gateway] = this.#stack.instancesOf(servicesOf(this.#stack.pipeline, "gateway"));
    const url = await this.#stack.url(gateway!);
    if (url === undefined)
      throw new Error(`${gateway} publishes no port, so nobody can tell when a push hangs in it`);
    await this.#stack.container(service).kill({ signal: "SIGSTOP" });
    try {
      await this.#untilAPushHangs(url);
    } catch (thrown) {
      await this.#stack.container(service).kill({ signal: "SIGCONT" });
      throw thrown;
    }
  }

  async #untilAPushHangs(gatewayUrl: string): Promise<void> {
    const deadlineMs = Date.now() + pushTimeoutMs;
    for (let idleAtMs = Date.now(); Date.now() < deadlineMs; ) {
      await pause(pushProbeMs, this.#world.signal);
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
