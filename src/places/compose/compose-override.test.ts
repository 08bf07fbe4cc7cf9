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
    tailer: { ...service, container_name: "shop.tailer", networks: { obs: null } },
    store: { ...service, ports: [{ target: 3100, published: "3100" }] },
    seed: { ...service, ports: [{ target: 80, published: "80" }] },
    grafana: { ...service, ports: [{ target: 3000, published: "3000" }] },
  },
  networks: {
    obs: {
      name: "shop_obs",
      external: false,
      ipam: { config: [{ subnet: "10.0.0.0/24" }] },
      driver_opts: { "com.docker.network.bridge.name": "br-shop" },
    },
  },
  volumes: { data: { name: "shop-data", external: false }, cache: { name: "shop_cache", external: false } },
};

const changes: Changes = {
  started: ["tailer", "store", "seed"],
  shipper: { service: "tailer", logsPath: "/var/log/shop", logs: "/runs/1/logs" },
  reached: new Map([["store", [3100, 9095]]]),
  images: new Map([["store", "example/store:3.7.6"]]),
  mounts: [
    { service: "store", target: "/state", readOnly: false, kind: "folder", source: "everyline-data-1" },
    { service: "seed", target: "/state", readOnly: true, kind: "file", source: "/runs/1/copies/1/state" },
  ],
  moved: [],
  notes: ["store /state: empty"],
};

describe("composeOverride", () => {
  it("takes away fixed names, ports, subnets and loggers, and whatever of the user's would be written to", () => {
    expect(
      composeOverride(model, changes),
    ).toBe(`# What Everyline has changed of the Compose file beside it, for one run.
# store /state: empty

services:
  tailer:
    container_name: !reset null
    networks:
      obs:
        aliases:
          - shop.tailer
    logging: !override { driver: json-file }
    volumes:
      - type: bind
        source: /runs/1/logs
        target: /var/log/shop
        read_only: true
  store:
    image: example/store:3.7.6
    ports: !override [ 127.0.0.1::3100, 127.0.0.1::9095 ]
    logging: !override { driver: json-file }
    volumes:
      - type: volume
        source: everyline-data-1
        target: /state
        volume:
          nocopy: true
  seed:
    ports: !override []
    logging: !override { driver: json-file }
    volumes:
      - type: bind
        source: /runs/1/copies/1/state
        target: /state
        read_only: true
volumes:
  data:
    name: !reset null
  everyline-data-1: {}
networks:
  obs:
    ipam: !reset null
    driver_opts:
      com.docker.network.bridge.name: !reset null
`);
  });

  it("publishes no port of a service that shares the network of another", () => {
    const store = { ...service, network_mode: "service:tailer" };
    const shared = { ...model, services: { ...model.services, store } };
    expect(composeOverride(shared, changes)).not.toContain("127.0.0.1::");
  });

  it("makes external networks and volumes that are used the run's own, and keeps what is not used as it is", () => {
    const own = { ...model.networks.obs!, ipam: undefined, driver_opts: undefined };
    const external: ComposeModel = {
      ...model,
      services: {
        ...model.services,
        store: {
          ...service,
          networks: { edge: null },
          volumes: [{ type: "volume", source: "shared", target: "/store", read_only: false }],
        },
      },
      networks: { obs: own, edge: { name: "traefik", external: true }, web: { name: "web", external: true } },
      volumes: { shared: { name: "prod", external: true }, other: { name: "prod-2", external: true } },
    };
    const text = composeOverride(external, { ...changes, mounts: [], notes: [] });
    expect(text.slice(text.indexOf("\nvolumes:"))).toBe(`
volumes:
  shared:
    external: false
    name: !reset null
networks:
  edge:
    external: false
    name: !reset null
`);
  });

  it("omits dependencies on services that are not started", () => {
    const depends = { store: { condition: "service_started" }, grafana: { condition: "service_healthy" } };
    const tailer = { ...model.services.tailer!, depends_on: depends };
    const seed = { ...service, depends_on: { grafana: {} } };
    const text = composeOverride({ ...model, services: { ...model.services, tailer, seed } }, changes);
    expect(text).toContain("depends_on: !override { store: { condition: service_started } }\n");
    expect(text).toContain("depends_on: !override {}\n");
  });

  it("puts a network with fixed addresses elsewhere, with its services' addresses and names", () => {
    const tailer = { ...model.services.tailer!, networks: { obs: { ipv4_address: "10.0.0.3" } } };
    const moved = {
      network: "obs",
      from: "10.0.0.0/24",
      to: "198.18.4.0/24",
      addresses: new Map([["tailer", "198.18.4.3"]]),
    };
    const fixed = { ...model, services: { ...model.services, tailer } };
    const text = composeOverride(fixed, { ...changes, moved: [moved] });
    expect(text).toContain(
      "      obs:\n        aliases:\n          - shop.tailer\n        ipv4_address: 198.18.4.3\n",
    );
    expect(text).toContain("ipam: !override { config: [ { subnet: 198.18.4.0/24 } ] }\n");
  });

  it("keeps a subnet in which a service has a fixed address, which the others may know it by", () => {
    const store = { ...service, networks: { obs: { ipv4_address: "10.0.0.3" } } };
    const fixed = { ...model, services: { ...model.services, store } };
    expect(composeOverride(fixed, changes)).not.toContain("ipam");
  });
});
