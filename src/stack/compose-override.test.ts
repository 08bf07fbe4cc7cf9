import { describe, expect, it } from "vitest";
import type { ComposeModel } from "./compose-model.ts";
import { type Changes, composeOverride } from "./compose-override.ts";

const service = {
  image: undefined,
  ports: [],
  volumes: [],
  networks: {},
  environment: {},
  command: null,
  depends_on: {},
};

const model: ComposeModel = {
  name: "shop",
  services: {
    tailer: { ...service, container_name: "tailer" },
    store: { ...service, ports: [{ target: 3100, published: "3100" }] },
    grafana: { ...service, ports: [{ target: 3000, published: "3000" }] },
  },
  networks: { obs: { name: "shop_obs", external: false } },
  volumes: { data: { name: "shop-data", external: false }, cache: { name: "shop_cache", external: false } },
};

const changes: Changes = {
  shipper: { service: "tailer", logsPath: "/var/log/shop", logsFolder: "/runs/1/logs" },
  reached: new Map([["store", [3100]]]),
  images: new Map([["store", "grafana/loki:3.7.6"]]),
  writable: [{ service: "store", target: "/loki" }],
};

describe("composeOverride", () => {
  it("takes away fixed names and ports, and whatever of the user's would be written to", () => {
    expect(
      composeOverride(model, changes),
    ).toBe(`# What Everyline has changed of the Compose file beside it, for one run.

services:
  tailer:
    container_name: !reset null
    volumes:
      - type: bind
        source: /runs/1/logs
        target: /var/log/shop
        read_only: true
  store:
    image: grafana/loki:3.7.6
    ports: !override [ 127.0.0.1::3100 ]
    volumes:
      - type: volume
        source: everyline-data-1
        target: /loki
  grafana:
    ports: !override []
volumes:
  data:
    name: !reset null
  everyline-data-1: {}
networks: {}
`);
  });

  it.each([
    ["an external volume", { volumes: { data: { name: "prod", external: true } } }, /data is external/],
    ["an external network", { networks: { edge: { name: "edge", external: true } } }, /edge is external/],
    [
      "the host's network",
      { services: { ...model.services, store: { ...service, network_mode: "host" } } },
      /store uses the network of the host/,
    ],
  ])("refuses %s, which two stacks cannot both have, and says to attach", (_, change, message) => {
    expect(() => composeOverride({ ...model, ...change }, changes)).toThrow(message);
    expect(() => composeOverride({ ...model, ...change }, changes)).toThrow("--project NAME");
  });
});
