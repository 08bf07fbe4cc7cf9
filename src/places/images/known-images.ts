import type { SinkProduct } from "../../products/sink-product.ts";
import { nameOfRepository } from "./repository.ts";

/**
 * The likely role of a service, by the image that it runs, or by its own name if it is built. Used by `init`, whose guess the user checks.
 */
export const seemsToBe = {
  shipper: /promtail|alloy|otel|opentelemetry|collector|fluent|vector|filebeat|logstash|logspout/i,
  kafka: /kafka|redpanda/i,
  /** Kafka's user interfaces, exporters and clients, which are not brokers. */
  noBroker: /ui|exporter|connect|init|rest|consumer|producer|gateway/i,
};

const proxyNames = /^(nginx(-unprivileged)?|openresty|haproxy|traefik|envoy|caddy|httpd|kong|toxiproxy)$/;

/** Whether an image reference is one of a sink's program, also under a name of the user's own such as `shop/my-NAME`. */
export function isSinkImage(reference: string, { image, imageName }: SinkProduct): boolean {
  return image.test(reference) || imageName.test(nameOfRepository(reference));
}

/** Whether an image reference is certainly one of a proxy. */
export function isProxyImage(reference: string): boolean {
  return proxyNames.test(nameOfRepository(reference));
}
