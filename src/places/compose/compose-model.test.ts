import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ComposeModel, readCompose, startedWith } from "./compose-model.ts";

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

it("reads a dollar sign as what it is, where Compose prints two", async () => {
  const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  try {
    const file = join(folder, "compose.yaml");
    await writeFile(
      file,
      'services: { a: { image: x, environment: { FORM: "7$$" }, configs: [c] } }\nconfigs: { c: { content: "end$$" } }\n',
    );
    const { services, configs } = await readCompose([file]);
    expect(services.a!.environment).toEqual({ FORM: "7$" });
    expect(configs!.c!.content).toBe("end$");
  } finally {
    await rm(folder, { recursive: true });
  }
});
