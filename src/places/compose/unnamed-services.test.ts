import { describe, expect, it } from "vitest";
import { configSchema } from "../../pipeline/own-config.ts";
import { loki as lokiProduct } from "../../products/loki.ts";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { ownPipeline } from "./own-pipeline.ts";

const mount = { type: "bind", source: "/home/me/app-logs", target: "/var/log/shop", read_only: true };

function modelOf(services: Record<string, Partial<ComposeService>>): ComposeModel {
  const whole = Object.entries(services).map(([name, service]) => [
    name,
    {
      ...{ ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} },
      ...service,
    },
  ]);
  return { name: "shop", services: Object.fromEntries(whole), networks: {}, volumes: {} };
}

function pipelineOf(
  services: Record<string, Partial<ComposeService>>,
  { loki = {}, project, ...parts }: { loki?: object; project?: string; [part: string]: unknown } = {},
) {
  const parsed = configSchema.parse({
    compose: "compose.yaml",
    source: { folder: "/var/log/shop" },
    shipper: { service: "promtail" },
    loki: { url: "http://loki:3100", selector: '{job="shop"}', ...loki },
    ...parts,
  });
  const config = {
    ...parsed,
    name: "shop",
    file: "everyline.config.yaml",
    composeFiles: ["/s/compose.yaml"],
    sink: { kind: "loki" as const, product: lokiProduct, ...parsed.loki! },
    notes: [],
  };
  return ownPipeline(config, modelOf(services), { project, images: new Map() });
}

const promtail = { image: "grafana/promtail:3.6.4", volumes: [mount] };
const loki = { image: "grafana/loki:3.6.4" };

describe("services that do the work of a part that does not name them", () => {
  const three = {
    promtail: { ...promtail, depends_on: { loki: {}, "loki-2": {}, "loki-3": {} } },
    loki,
    "loki-2": { image: "grafana/loki:3.6.5" },
    "loki-3": loki,
  };

  it("are refused where they would start beside the Loki that is named", () => {
    expect(() => pipelineOf(three)).toThrow(
      /the service loki-2 runs what loki runs .* loki\.services: \[loki, loki-2\]/,
    );
    // Also where it runs an image under a name of the user's own.
    const renamed = { ...three, "loki-2": loki, "loki-3": { image: "shop/my-loki:1" } };
    expect(() => pipelineOf(renamed, { loki: { services: ["loki", "loki-2"] } })).toThrow(
      "the service loki-3 runs shop/my-loki:1 and is not among Loki's services",
    );
    const named = { services: ["loki", "loki-2", "loki-3"] };
    expect(Object.keys(pipelineOf(three, { loki: named }).sink.services)).toEqual(named.services);
  });

  it("are none where they do not start, have no container, or have ended by then", () => {
    expect(() => pipelineOf({ ...three, promtail })).not.toThrow();
    const away = {
      ...three,
      "loki-2": { ...loki, scale: 0 },
      "loki-3": { ...loki, deploy: { replicas: 0 } },
    };
    expect(() => pipelineOf(away)).not.toThrow();
    const done = { condition: "service_completed_successfully" };
    const checked = { promtail, loki: { ...loki, depends_on: { check: done } }, check: loki };
    expect(() => pipelineOf(checked)).not.toThrow();
  });

  it("are known by what they are built from, too", () => {
    const build = { context: "/s/loki", dockerfile: "Dockerfile" };
    const built = { promtail: { ...promtail, depends_on: { other: {} } }, loki: { build }, other: { build } };
    expect(() => pipelineOf(built)).toThrow("the service other runs what loki runs");
    expect(() => pipelineOf({ ...built, other: { build: { context: "/s/app" } } })).not.toThrow();
  });

  it("are looked for in the stack itself where it is up: nobody knows here which are", () => {
    const { deployment } = pipelineOf(three, { project: "shop" });
    expect(deployment.kind === "own" && [...deployment.unnamed.keys()]).toEqual(["loki-2", "loki-3"]);
  });

  it("are refused where a proxy's name is taken for Loki's", () => {
    const behind = {
      promtail: { ...promtail, depends_on: { gate: {} } },
      gate: { image: "nginx:alpine", depends_on: { "loki-1": {}, "loki-2": {} } },
      "loki-1": loki,
      "loki-2": loki,
    };
    const url = "http://gate:8080";
    expect(() => pipelineOf(behind, { loki: { url } })).toThrow(
      "loki.url names gate, which runs nginx:alpine, a proxy: write which services are Loki's, as in loki.services: [loki-1, loki-2]",
    );
    // Whatever image it is of, what stands behind it is Loki's.
    const unknown = { ...behind, gate: { ...behind.gate, image: "shop/entry:1" } };
    expect(() => pipelineOf(unknown, { loki: { url } })).toThrow(
      "the service loki-1 runs grafana/loki:3.6.4 and is not among",
    );
    const pipeline = pipelineOf(behind, { loki: { url, services: ["loki-1", "loki-2"] } });
    expect(pipeline.sink).toMatchObject({
      services: { "loki-1": null, "loki-2": null },
      port: 3_100,
      reader: "gate",
    });
    expect(pipeline.sink.ingesters).toEqual(["loki-1", "loki-2"]);
    // Of a stack that is up nobody knows which ports are published behind the proxy.
    const up = pipelineOf(behind, { loki: { url, services: ["loki-1", "loki-2"] }, project: "shop" });
    expect(up.sink.ingesters).toEqual([]);
    expect(pipeline.beside).toEqual({ "loki-front": { services: { gate: null }, port: 8_080 } });
  });

  it("are refused where a second shipper reads the same files, or a second consumer is the same", () => {
    const second = { ...promtail, depends_on: {} };
    const shippers = { promtail: { ...promtail, depends_on: { second: {} } }, second, loki };
    expect(() => pipelineOf(shippers)).toThrow(
      "the service second runs what the shipper promtail runs and reads the same log files",
    );
    const elsewhere = { ...second, volumes: [{ ...mount, source: "/home/me/others" }] };
    expect(() => pipelineOf({ ...shippers, second: elsewhere })).not.toThrow();
    const eater = { image: "shop/eater:1", environment: { TOPIC: "logs" } };
    const consumers = { promtail: { ...promtail, depends_on: { eater2: {} } }, eater, eater2: eater, loki };
    expect(() => pipelineOf(consumers, { consumer: { service: "eater" } })).toThrow(
      "the service eater2 is the same as eater",
    );
    const other = { ...consumers, eater2: { ...eater, environment: { TOPIC: "orders" } } };
    expect(() => pipelineOf(other, { consumer: { service: "eater" } })).not.toThrow();
  });
});

describe("how many containers a service has", () => {
  it("is refused where it is none, or several for a broker", () => {
    expect(() => pipelineOf({ promtail, loki: { ...loki, scale: 0 } })).toThrow("loki, which has 0 replicas");
    expect(() => pipelineOf({ promtail, loki: { ...loki, scale: 0 } }, { project: "shop" })).not.toThrow();
    const kafka = { services: ["broker"], port: 9_092, topic: "logs", group: "eaters" };
    const brokers = { promtail, loki, broker: { image: "apache/kafka:4.3.0", scale: 3 } };
    expect(() => pipelineOf(brokers, { kafka })).toThrow("the Kafka service broker has 3 containers");
  });

  it("is known beforehand to a stack of its own", () => {
    const { deployment } = pipelineOf({
      promtail: { ...promtail, scale: 2 },
      loki: { ...loki, deploy: { replicas: 3 } },
    });
    expect(deployment.kind === "own" && [...deployment.replicas]).toEqual([
      ["promtail", 2],
      ["loki", 3],
    ]);
  });
});
