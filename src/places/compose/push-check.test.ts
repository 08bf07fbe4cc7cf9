import { describe, expect, it } from "vitest";
import type { ComposeModel } from "./compose-model.ts";
import { assertPushesWithin } from "./push-check.ts";

const service = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };

function modelWith(url: string): ComposeModel {
  const services = {
    promtail: {
      ...service,
      image: "grafana/promtail:3.6.4",
      configs: [{ source: "ship", target: "/etc/promtail/config.yml" }],
      extra_hosts: ["logs:10.0.0.5"],
    },
    store: {
      ...service,
      container_name: "monitoring.store",
      networks: { obs: { aliases: ["logs.shop"], ipv4_address: "10.9.0.3" } },
    },
  };
  const content = `clients: [{ url: "${url}" }, { url: "http://store:3100" }]`;
  return { name: "shop", services, networks: {}, volumes: {}, configs: { ship: { content } } };
}

describe("assertPushesWithin", () => {
  it.each([
    "http://host.docker.internal:3100/api/v1/push",
    "http://logs:3100/push",
    "http://192.168.1.10:3100/push",
    "http://[fd00::1]:3100/push",
    "https://logs-prod.grafana.net/api/v1/push",
  ])("refuses a shipper that also pushes to %s, which is not part of the stack", async (url) => {
    const refusal = assertPushesWithin(modelWith(url), "promtail", "victorialogs");
    await expect(refusal).rejects.toThrow(`promtail pushes to ${url} by its configuration`);
    await expect(refusal).rejects.toThrow(
      "VictoriaLogs that the lines should reach, name it as victorialogs.url",
    );
  });

  it.each([
    "http://store:3100/push",
    "https://monitoring.store:3100/push",
    "https://logs.shop/push",
    "http://10.9.0.3:3100/push",
    "http://127.0.0.1:3100/push",
    "http://shop-store-1:3100/push",
    "http://$" + "{STORE_HOST}/push",
  ])("lets it push to %s, which is a service of the stack or may be one", async (url) => {
    await assertPushesWithin(modelWith(url), "promtail", "victorialogs");
  });
});
