import type { SinkProduct } from "../../products/sink-product.ts";
import { nameOfRepository } from "./repository.ts";

/** The names of images that run brokers of Kafka, also with a number behind. */
const brokerNames =
  /^((cp|bitnami|apache)-)?(kafka|redpanda)(-(native|\d+))?$|^cp-(server|enterprise-kafka)$|^confluent-local$|^(strimzi|debezium)-kafka$/;

const proxyNames = /^(nginx(-unprivileged)?|openresty|haproxy|traefik|envoy|caddy|httpd|kong|toxiproxy)$/;

/** Whether an image reference is one of a sink's program, also under a name of the user's own such as `shop/my-NAME`. */
export function isSinkImage(reference: string, { image, imageName }: SinkProduct): boolean {
  return image.test(reference) || imageName.test(nameOfRepository(reference));
}

/** Whether an image reference is certainly one of a proxy. */
export function isProxyImage(reference: string): boolean {
  return proxyNames.test(nameOfRepository(reference));
}

/** Whether an image reference is certainly one of Kafka's brokers, and not of its user interfaces, exporters or clients. */
export function isBrokerImage(reference: string): boolean {
  return brokerNames.test(nameOfRepository(reference));
}

const alertmanagerNames = /^(prometheus-)?alertmanager$/;
const prometheusNames = /^prometheus$/;

/** Whether an image reference is certainly Alertmanager's. */
export function isAlertmanagerImage(reference: string): boolean {
  return alertmanagerNames.test(nameOfRepository(reference));
}

/** Whether an image reference is certainly that of Prometheus itself, and not of one of its exporters. */
export function isPrometheusImage(reference: string): boolean {
  return prometheusNames.test(nameOfRepository(reference));
}
