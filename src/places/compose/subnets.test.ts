import { describe, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { movedNetworks, type SubnetOptions } from "./subnets.ts";

const fixed = (subnet: string, address: string, config: object = {}) => ({
  ...composeModel({
    store: { networks: { logs: { ipv4_address: address } } },
    ship: { networks: { logs: null } },
  }),
  networks: { logs: { name: "shop_logs", external: false, ipam: { config: [{ subnet, ...config }] } } },
});

const options = (taken: string[], texts: Record<string, string> = {}): SubnetOptions => ({
  started: ["store", "ship"],
  taken,
  textsOf: async (service) => [{ where: `${service}.yaml`, text: texts[service] ?? "" }],
  random: 0,
});

describe("a network with fixed addresses", () => {
  it("stays where nobody else has its subnet", async () => {
    expect(await movedNetworks(fixed("10.5.0.0/16", "10.5.0.9"), options(["10.6.0.0/16"]))).toEqual([]);
  });

  it.each([
    ["10.5.0.0/16", "10.5.7.9", ["10.5.128.0/17"], "198.18.0.0/16", "198.18.7.9"],
    ["172.28.1.0/24", "172.28.1.10", ["172.28.0.0/16", "198.18.0.0/24"], "198.18.1.0/24", "198.18.1.10"],
    ["10.0.0.0/8", "10.0.3.4", ["10.1.0.0/16"], "198.18.0.0/16", "198.18.3.4"],
  ])("is moved where somebody has it: %s", async (from, address, taken, to, moved) => {
    const [network] = await movedNetworks(fixed(from, address), options(taken));
    expect(network).toEqual({ network: "logs", from, to, addresses: new Map([["store", moved]]) });
  });

  it("is refused where settings name an address in it, which would lead elsewhere", async () => {
    const model = fixed("10.5.0.0/16", "10.5.0.9");
    const named = options(["10.5.0.0/16"], { ship: "url: http://10.5.0.9:3100/push" });
    await expect(movedNetworks(model, named)).rejects.toThrow(/ship names 10.5.0.9 in it \(ship.yaml\)/);
    const other = options(["10.5.0.0/16"], { ship: "url: http://10.50.0.9:3100/push" });
    expect(await movedNetworks(model, other)).toHaveLength(1);
  });

  it.each([
    ["fd00::/64", "fd00::9", ["fd00::/64"]],
    ["10.0.0.0/8", "10.9.3.4", ["10.1.0.0/16"]],
    ["10.5.0.0/16", "10.6.0.1", ["10.5.0.0/16"]],
  ])("is refused where its addresses cannot be moved: %s", async (subnet, address, taken) => {
    await expect(movedNetworks(fixed(subnet, address), options(taken))).rejects.toThrow(/cannot be moved/);
  });

  it("is refused where no subnet for tests is free", async () => {
    const taken = ["10.5.0.0/16", "198.18.0.0/15"];
    await expect(movedNetworks(fixed("10.5.0.0/16", "10.5.0.9"), options(taken))).rejects.toThrow(
      /no subnet for tests is free.*--project NAME/,
    );
  });
});
