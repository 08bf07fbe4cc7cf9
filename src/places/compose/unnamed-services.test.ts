import { describe, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { ownConfig, renamedStoreImage, storeImage } from "../../../test/support/own-config.ts";
import type { OwnConfig } from "../../pipeline/own-config.ts";
import type { ServedSink } from "../../pipeline/own-sink.ts";
import type { ComposeService } from "./compose-model.ts";
import { ownPipeline } from "./own-pipeline.ts";

const mount = { type: "bind", source: "/home/me/app-logs", target: "/var/log/shop", read_only: true };

interface Wishes extends Pick<Partial<OwnConfig>, "kafka" | "consumer"> {
  sink?: Partial<ServedSink>;
  project?: string;
}

function pipelineOf(
  services: Record<string, Partial<ComposeService>>,
  { sink, project, ...parts }: Wishes = {},
) {
  return ownPipeline(ownConfig(parts, sink), composeModel(services), { project, images: new Map() });
}

const { kind, product } = ownConfig().sink;
const promtail = { image: "grafana/promtail:3.6.4", volumes: [mount] };
const store = { image: storeImage };

describe("services that do the work of a part that does not name them", () => {
  const three = {
    promtail: { ...promtail, depends_on: { store: {}, "store-2": {}, "store-3": {} } },
    store,
    "store-2": { image: storeImage.replace(/:.*/, ":3.6.5") },
    "store-3": store,
  };

  it("are refused where they would start beside the sink that is named", () => {
    expect(() => pipelineOf(three)).toThrow(
      new RegExp(`the service store-2 runs what store runs .* ${kind}\\.services: \\[store, store-2\\]`),
    );
    // Also where it runs an image under a name of the user's own.
    const renamed = { ...three, "store-2": store, "store-3": { image: renamedStoreImage } };
    expect(() => pipelineOf(renamed, { sink: { services: ["store", "store-2"] } })).toThrow(
      `the service store-3 runs ${renamedStoreImage} and is not among ${product.name}'s services`,
    );
    const named = { services: ["store", "store-2", "store-3"] };
    expect(Object.keys(pipelineOf(three, { sink: named }).sink.services)).toEqual(named.services);
  });

  it("are none where they do not start, have no container, or have ended by then", () => {
    expect(() => pipelineOf({ ...three, promtail })).not.toThrow();
    const away = {
      ...three,
      "store-2": { ...store, scale: 0 },
      "store-3": { ...store, deploy: { replicas: 0 } },
    };
    expect(() => pipelineOf(away)).not.toThrow();
    const done = { condition: "service_completed_successfully" };
    const checked = { promtail, store: { ...store, depends_on: { check: done } }, check: store };
    expect(() => pipelineOf(checked)).not.toThrow();
  });

  it("are recognised by what they are built from, too", () => {
    const build = { context: "/s/store", dockerfile: "Dockerfile" };
    const built = {
      promtail: { ...promtail, depends_on: { other: {} } },
      store: { build },
      other: { build },
    };
    expect(() => pipelineOf(built)).toThrow("the service other runs what store runs");
    expect(() => pipelineOf({ ...built, other: { build: { context: "/s/app" } } })).not.toThrow();
  });

  it("are left for the running stack to tell where the stack is already up", () => {
    const { deployment } = pipelineOf(three, { project: "shop" });
    expect(deployment.kind === "own" && [...deployment.unnamed.keys()]).toEqual(["store-2", "store-3"]);
  });

  it("are refused where the sink's URL is that of a proxy in front of them", () => {
    const behind = {
      promtail: { ...promtail, depends_on: { gate: {} } },
      gate: { image: "nginx:alpine", depends_on: { "store-1": {}, "store-2": {} } },
      "store-1": store,
      "store-2": store,
    };
    const url = "http://gate:8080";
    expect(() => pipelineOf(behind, { sink: { url } })).toThrow(
      `${kind}.url names gate, which runs nginx:alpine, a proxy: list the services that are ${product.name}'s, ` +
        `as in ${kind}.services: [store-1, store-2]`,
    );
    // A service behind the URL's counts as the sink's, also where the URL's is not known as a proxy.
    const unknown = { ...behind, gate: { ...behind.gate, image: "shop/entry:1" } };
    expect(() => pipelineOf(unknown, { sink: { url } })).toThrow(
      `the service store-1 runs ${storeImage} and is not among`,
    );
    const sink = { url, services: ["store-1", "store-2"] };
    const pipeline = pipelineOf(behind, { sink });
    expect(pipeline.sink).toMatchObject({
      services: { "store-1": null, "store-2": null },
      port: product.port,
      reader: "gate",
    });
    expect(pipeline.sink.ingesters).toEqual(["store-1", "store-2"]);
    // Which ports are published behind the proxy is not known of a stack that is already up.
    const up = pipelineOf(behind, { sink, project: "shop" });
    expect(up.sink.ingesters).toEqual([]);
    expect(pipeline.beside).toEqual({ [`${kind}-front`]: { services: { gate: null }, port: 8_080 } });
  });

  it("are refused where a second shipper reads the same files, or a second consumer is the same", () => {
    const second = { ...promtail, depends_on: {} };
    const shippers = { promtail: { ...promtail, depends_on: { second: {} } }, second, store };
    expect(() => pipelineOf(shippers)).toThrow(
      "the service second runs what the shipper promtail runs and reads the same log files",
    );
    const elsewhere = { ...second, volumes: [{ ...mount, source: "/home/me/others" }] };
    expect(() => pipelineOf({ ...shippers, second: elsewhere })).not.toThrow();
    const eater = { image: "shop/eater:1", environment: { TOPIC: "logs" } };
    const consumers = { promtail: { ...promtail, depends_on: { eater2: {} } }, eater, eater2: eater, store };
    expect(() => pipelineOf(consumers, { consumer: { service: "eater" } })).toThrow(
      "the service eater2 is the same as eater",
    );
    const other = { ...consumers, eater2: { ...eater, environment: { TOPIC: "orders" } } };
    expect(() => pipelineOf(other, { consumer: { service: "eater" } })).not.toThrow();
  });
});

describe("the number of containers of a service", () => {
  it("is refused where it is none, or where a broker has several", () => {
    expect(() => pipelineOf({ promtail, store: { ...store, scale: 0 } })).toThrow(
      "store, which has 0 replicas",
    );
    expect(() => pipelineOf({ promtail, store: { ...store, scale: 0 } }, { project: "shop" })).not.toThrow();
    const kafka = { services: ["broker"], port: 9_092, topic: "logs", group: "eaters" };
    const brokers = { promtail, store, broker: { image: "apache/kafka:4.3.0", scale: 3 } };
    expect(() => pipelineOf(brokers, { kafka })).toThrow("the Kafka service broker has 3 containers");
  });

  it("is read from the Compose file for a stack that the run starts itself", () => {
    const { deployment } = pipelineOf({
      promtail: { ...promtail, scale: 2 },
      store: { ...store, deploy: { replicas: 3 } },
    });
    expect(deployment.kind === "own" && [...deployment.replicas]).toEqual([
      ["promtail", 2],
      ["store", 3],
    ]);
  });
});
