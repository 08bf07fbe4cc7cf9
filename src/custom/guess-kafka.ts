import type { ComposeModel } from "../places/compose/compose-model.ts";
import { frontOf } from "./guess-loki.ts";
import type { ShipperCandidate } from "./guess-parts.ts";

/** A Kafka between shipper and Loki. What is undefined is not known. */
export interface GuessedKafka {
  services: string[];
  port: number | undefined;
  topic: string | undefined;
  group: string | undefined;
  consumer: string | undefined;
  /** What takes lines from the shipper and writes them to Kafka, if not the shipper itself. */
  gateway: string | undefined;
  /** Where the consumer pushes to. */
  consumerPushUrl: string | undefined;
}

/** The Kafka that lines of a shipper go through; undefined if the stack has none. */
export function guessKafka(
  model: ComposeModel,
  brokers: readonly string[],
  shipper: ShipperCandidate | undefined,
  shippers: readonly ShipperCandidate[],
): GuessedKafka | undefined {
  if (brokers.length === 0) return undefined;
  const settings = shipper && !("why" in shipper.settings) ? shipper.settings : undefined;
  const written = settings?.topicsWritten?.[0];
  const reading = shippers.flatMap((candidate) => {
    if ("why" in candidate.settings || candidate === shipper) return [];
    const topics = candidate.settings.topicsRead ?? [];
    const topic = topics.find((one) => written === undefined || one.topic === written.topic);
    return topic === undefined ? [] : [{ candidate, topic, url: candidate.settings.pushUrls[0] }];
  });
  const [consumer] = reading;
  const addresses = [...(written?.brokers ?? []), ...(consumer?.topic.brokers ?? [])];
  const ports = addresses.flatMap((address) => Number(/:(\d+)$/.exec(address)?.[1]) || []);
  const gateway = written === undefined ? frontOf(model.services, settings?.pushUrls[0]) : undefined;
  return {
    services: [...brokers],
    port: ports[0],
    topic: written?.topic ?? consumer?.topic.topic,
    group: consumer?.topic.group,
    consumer: consumer?.candidate.service,
    gateway: gateway?.service,
    consumerPushUrl: consumer?.url,
  };
}
