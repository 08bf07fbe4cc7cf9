import { nameOfRepository } from "./repository.ts";

/**
 * What a service seems to be, by the image that it runs, or by its own name where it is built: for `init`, whose guess the user reads.
 */
export const seemsToBe = {
  shipper: /promtail|alloy|otel|opentelemetry|collector|fluent|vector|filebeat|logstash|logspout/i,
  loki: /(^|\/|-)loki(:|@|$|-\d)/i,
  kafka: /kafka|redpanda/i,
  /** Beside a Kafka, and no broker: its user interfaces, exporters, clients. */
  noBroker: /ui|exporter|connect|init|rest|consumer|producer|gateway/i,
};

const lokiNames = /^(grafana-)?loki$|^enterprise-logs$/;
const proxyNames = /^(nginx(-unprivileged)?|openresty|haproxy|traefik|envoy|caddy|httpd|kong|toxiproxy)$/;

/** Whether an image reference is one of Loki, also under a name of the user's own such as `shop/my-loki`. */
export function isLokiImage(reference: string): boolean {
  return seemsToBe.loki.test(reference) || lokiNames.test(nameOfRepository(reference));
}

/** Whether an image reference is certainly one of a proxy. */
export function isProxyImage(reference: string): boolean {
  return proxyNames.test(nameOfRepository(reference));
}
