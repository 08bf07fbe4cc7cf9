import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { hastened, memoryFaults } from "../../test/support/memory-faults.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { shipperService, storeService } from "../places/memory/memory-pipeline.ts";

const unwatch = { kind: "unwatch", target: "shipper" } as const;
const { monitoring } = await loadPipeline("direct");
const configOf = (targets: string[]) =>
  `# Who is read.\nscrape_configs:\n  - job_name: parts\n    static_configs:\n      - targets: [ ${targets.join(", ")} ]\n`;

/** A pipeline that is watched by a server which reads its targets from a file as it is told to, unless it is deaf. */
async function watched(targets: string[]) {
  const faults = await memoryFaults();
  const state = { config: configOf(targets), read: configOf(targets), isDeaf: false };
  const server = createServer(({ url }, response) => {
    if (url === "/-/reload" && !state.isDeaf) state.read = state.config;
    const [job] = parse(state.read).scrape_configs;
    const activeTargets = job.static_configs[0].targets.map((target: string) => ({
      ...{ scrapeUrl: `http://${target}/metrics`, health: "up" },
    }));
    response.end(JSON.stringify({ data: { activeTargets } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = async () => ({ host: "127.0.0.1", port, url: `http://127.0.0.1:${port}` });
  Object.assign(faults.stack.pipeline, { monitoring });
  Object.assign(faults.stack, {
    monitoring: {
      prometheus: { address } as Instance,
      changeConfig: async (change: (text: string) => string) => {
        state.config = change(state.config);
      },
    },
  });
  return {
    ...{ faults, state },
    async [Symbol.asyncDispose]() {
      server.close();
      await faults[Symbol.asyncDispose]();
    },
  };
}

const [shipper, store] = [`${shipperService}:9080`, `${storeService}:3100`];

it("takes the part from the targets until it heals, and touches no part", async () => {
  await using all = await watched([shipper, store]);
  const fault = all.faults.fault(unwatch);
  await fault.inject();
  expect(parse(all.state.read)).toEqual(parse(configOf([store])));
  expect(await fault.prove()).toEqual({
    effective: true,
    evidence: ["Prometheus read 1 target on shipper, and reads 0"],
  });
  expect(all.faults.stack.instance(shipperService).runs).toBe(true);
  await fault.heal();
  expect(all.state.read).toBe(configOf([shipper, store]));
  expect(await fault.proveHealed()).toEqual({
    effective: true,
    evidence: ["Prometheus reads 1 of 1 target on shipper again"],
  });
});

it("is not proven where Prometheus had no such target, or still has it", async () => {
  await using all = await watched([store]);
  const ofNone = all.faults.fault(unwatch);
  await ofNone.inject();
  expect(await ofNone.prove()).toEqual({
    effective: false,
    evidence: ["Prometheus had no target on shipper"],
  });

  await using deaf = await watched([shipper]);
  deaf.state.isDeaf = true;
  using _ = hastened();
  const fault = deaf.faults.fault(unwatch);
  await fault.inject();
  expect(await fault.prove()).toEqual({
    effective: false,
    evidence: ["Prometheus read 1 target on shipper, and reads 1"],
  });
});

it("is refused where nobody has configured a Prometheus", async () => {
  await using faults = await memoryFaults();
  expect(() => faults.fault(unwatch)).toThrow("needs a Prometheus that Everyline has configured");
});
