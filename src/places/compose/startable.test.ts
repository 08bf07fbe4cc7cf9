import { describe, expect, it } from "vitest";
import type { ComposeModel } from "./compose-model.ts";
import { assertStartable, describeShared, sharedSettings } from "./startable.ts";

const service = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };

const networks = {
  lan: { name: "shop_lan", external: false, driver: "macvlan" },
};

function modelWith(store: Partial<ComposeModel["services"][string]>): ComposeModel {
  const services = { tailer: service, store: { ...service, ...store } };
  return { name: "shop", services, networks, volumes: {} };
}

describe("assertStartable", () => {
  it.each([
    ["the host's network", { network_mode: "host" }, /store uses the network of the host/],
    ["another container's network", { network_mode: "container:web" }, /network_mode: container:web/],
    ["a network of its own nowhere", { network_mode: "service:vpn" }, /no port of its own/],
    ["containers beside it", { external_links: ["web"] }, /external_links to web/],
    [
      "the volumes of a container beside it",
      { volumes_from: ["container:web"] },
      /volumes_from: container:web/,
    ],
    ["a network beyond this machine", { networks: { lan: null } }, /lan of store is a macvlan/],
  ])("refuses %s, which two stacks cannot both have, and says to attach", (_, store, message) => {
    const model = modelWith(store);
    expect(() => assertStartable(model, ["tailer", "store"], ["store"])).toThrow(message);
    expect(() => assertStartable(model, ["tailer", "store"], ["store"])).toThrow("--project NAME");
    // A service that is not started is not checked.
    expect(() => assertStartable(model, ["tailer"], ["tailer"])).not.toThrow();
  });

  it("accepts a service in the network of another where no part has to reach it", () => {
    expect(() =>
      assertStartable(modelWith({ network_mode: "service:vpn" }), ["tailer", "store"], []),
    ).not.toThrow();
  });
});

it("names the setting, and the way out for a service that no part names", () => {
  const shared = sharedSettings(modelWith({ network_mode: "host" }), ["tailer", "store"], []);
  expect(shared).toMatchObject([{ service: "store", path: ["services", "store", "network_mode"] }]);
  expect(describeShared(shared[0]!, false)).toMatch(/If no line needs store, list it under `without`/);
  expect(describeShared(shared[0]!, true)).not.toContain("without");
});
