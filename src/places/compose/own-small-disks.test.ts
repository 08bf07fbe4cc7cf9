import { expect, it } from "vitest";
import type { ComposeModel } from "./compose-model.ts";
import { smallDisksOf } from "./own-small-disks.ts";

const small = { driver_opts: { type: "tmpfs", device: "tmpfs", o: "size=64m" } };
const mount = (source: string, isReadOnly = false) => ({
  ...{ type: "volume", source, target: "/data", read_only: isReadOnly },
});

/** The small disks of two stores that are one part, and a shipper. */
function found(
  mounts: Record<string, ReturnType<typeof mount>[]>,
  volumes: Record<string, object> = { data: small },
) {
  const services = Object.fromEntries(
    ["shipper", "store-1", "store-2"].map((name) => [name, { volumes: mounts[name] ?? [] }]),
  );
  const model = { services, volumes } as unknown as ComposeModel;
  const parts = [["shipper"], ["store-1", "store-2"]].map((names) => ({
    services: Object.fromEntries(names.map((name) => [name, null])),
  }));
  return smallDisksOf(parts, model);
}

it("are those of a service that writes to a volume of limited size, which another part has mounted as well", () => {
  expect(found({ "store-1": [mount("data")], shipper: [mount("data", true)] })).toEqual(["store-1"]);
});

it.each([
  ["no other service has it mounted", { "store-1": [mount("data")] }, undefined],
  ["only its own part has", { "store-1": [mount("data")], "store-2": [mount("data", true)] }, undefined],
  ["its size is not limited", { "store-1": [mount("data")], shipper: [mount("data", true)] }, { data: {} }],
  ["it only reads it", { "store-1": [mount("data", true)], shipper: [mount("data", true)] }, undefined],
  [
    "one of two small volumes is not kept",
    { "store-1": [mount("data"), mount("more")], shipper: [mount("data", true)] },
    { data: small, more: small },
  ],
])("are not those of a service of which %s", (_, mounts, volumes) => {
  expect(found(mounts, volumes)).toEqual([]);
});
