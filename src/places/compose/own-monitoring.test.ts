import { describe, expect, it } from "vitest";
import type { ComposeModel } from "./compose-model.ts";
import { withheldServices } from "./own-monitoring.ts";

const service = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };
const wanted = {
  file: "everyline.config.yaml",
  monitoring: { prometheus: "metrics", port: 9_090 },
  without: [],
};

/** @param content the configuration of Prometheus; undefined if it is not known */
function modelWith(content: string | undefined, command: string[] | null = null): ComposeModel {
  const target = "/etc/prometheus/prometheus.yml";
  const services = {
    metrics: {
      ...service,
      image: "prom/prometheus:v3.16.0",
      command,
      ...(content !== undefined && { configs: [{ source: "watch", target }] }),
    },
    pager: { ...service, image: "shop/pager:1", container_name: "shop-pager" },
    store: { ...service, image: "example/store:1" },
  };
  return { name: "shop", services, networks: {}, volumes: {}, configs: { watch: { content } } };
}

const alertsTo = (...hosts: string[]) =>
  `alerting: { alertmanagers: [{ static_configs: [{ targets: ${JSON.stringify(hosts)} }] }] }`;

describe("services that are withheld beside a copy of the user's Prometheus", () => {
  it("are those that it sends alerts to, under any name", async () => {
    expect(await withheldServices(wanted, modelWith(alertsTo("pager:9093")))).toEqual(["pager"]);
    expect(await withheldServices(wanted, modelWith(alertsTo("http://Shop-Pager")))).toEqual(["pager"]);
    expect(await withheldServices(wanted, modelWith("scrape_configs: []"))).toEqual([]);
  });

  it("are those that run Alertmanager, and the one that the configuration names", async () => {
    const model = modelWith("scrape_configs: []");
    model.services.other = { ...service, image: "quay.io/prometheus/alertmanager:v0.28.0" };
    const named = { ...wanted, monitoring: { ...wanted.monitoring, alertmanager: "pager" } };
    expect(await withheldServices(named, model)).toEqual(["pager", "other"]);
    expect(await withheldServices({ ...named, without: ["other"] }, model)).toEqual(["pager"]);
    expect(await withheldServices({ ...named, monitoring: undefined }, model)).toEqual([]);
  });
});

describe("a Prometheus of which a run starts no copy", () => {
  it.each([
    [alertsTo("alerts.example.org"), /to alerts\.example\.org, which is no service of the stack/],
    [alertsTo("pager:9093", "10.0.0.1:9093"), /to 10\.0\.0\.1, which is no service/],
    ['remote_write: [{ url: "https://metrics.example.org/push" }]', /to metrics\.example\.org, which/],
    [
      "alerting: { alertmanagers: [{ dns_sd_configs: [{ names: [a] }] }] }",
      /to addresses that it only finds/,
    ],
  ])("sends something out of the stack: %s", async (content, message) => {
    const refusal = withheldServices(wanted, modelWith(content));
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toThrow(/metrics, which everyline\.config\.yaml names as .* or attach/);
  });

  it("has a configuration that is not known, or is none", async () => {
    await expect(withheldServices(wanted, modelWith(undefined))).rejects.toThrow(
      /expected the configuration \/etc\/prometheus\/prometheus\.yml of metrics, .* found none\. .* Mount the file/,
    );
    const elsewhere = modelWith("scrape_configs: []", ["--config.file", "/watch/other.yml"]);
    await expect(withheldServices(wanted, elsewhere)).rejects.toThrow(
      /expected the configuration \/watch\/other\.yml/,
    );
    await expect(withheldServices(wanted, modelWith("[a"))).rejects.toThrow(/of metrics cannot be read/);
  });
});
