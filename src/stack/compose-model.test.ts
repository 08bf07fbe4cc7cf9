import { expect, it } from "vitest";
import { type ComposeModel, startedWith } from "./compose-model.ts";

const service = { ports: [], volumes: [], networks: {}, environment: {}, command: null };

it("starts what services depend on, and what that depends on, each once", () => {
  const dependent = (...names: string[]) => ({
    ...service,
    depends_on: Object.fromEntries(names.map((name) => [name, { condition: "service_started" }])),
  });
  const model: ComposeModel = {
    name: "shop",
    services: {
      shipper: dependent("gateway"),
      gateway: dependent("init", "broker"),
      init: dependent("broker"),
      broker: dependent(),
      grafana: dependent("store"),
      store: dependent(),
    },
    networks: {},
    volumes: {},
  };
  expect(startedWith(model, ["shipper"]).sort()).toEqual(["broker", "gateway", "init", "shipper"]);
  expect(startedWith(model, ["shipper", "store"])).toHaveLength(5);
});
