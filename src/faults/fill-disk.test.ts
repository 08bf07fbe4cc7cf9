import { expect, it } from "vitest";
import { type MemoryFaults, memoryFaults } from "../../test/support/memory-faults.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import type { InstanceFile, LimitedDisk } from "../places/instance.ts";
import { memoryPipeline, storeService } from "../places/memory/memory-pipeline.ts";
import { planFault } from "./plan-fault.ts";

const fill = { kind: "fill-disk", target: "sink" } as const;
const disk = { folder: "/data", bytes: 32 * 1_024 ** 2 };
const sentence = (room: string) => `store: /data, a volume of 34 MB, has ${room} 16 kB`;

/** A store on a disk that counts bytes and has no content; what it logs can be set. */
async function onDisk(disks: LimitedDisk[] = [disk]) {
  const faults: MemoryFaults = await memoryFaults();
  faults.stack.pipeline.smallDisks = [storeService];
  const store = faults.stack.instance(storeService);
  const sizes = new Map<string, number>();
  const usedBut = (name: string) =>
    [...sizes].reduce((sum, [file, bytes]) => (file === name ? sum : sum + bytes), 0);
  const log: string[] = [];
  store.logs = async () => log.join("\n");
  const limited = Object.assign(store, {
    limitedDisks: async () => disks,
    fillDisk: async ({ bytes }: LimitedDisk, name: string) => void sizes.set(name, bytes - usedBut(name)),
    writeFile: async (_: string, { name, content }: InstanceFile) => {
      if (usedBut(name) + content.length > disk.bytes) throw new Error("write x: no space left on device");
      sizes.set(name, content.length);
    },
  });
  return { faults, store: limited, sizes, log, [Symbol.asyncDispose]: () => faults[Symbol.asyncDispose]() };
}

it("leaves no room on the disk, and all of it again when it heals", async () => {
  await using on = await onDisk();
  const fault = on.faults.fault(fill);
  await fault.inject();
  expect(await fault.prove()).toEqual({ effective: true, evidence: [sentence("no room for")] });
  on.log.push("level=error err=No space left on device");
  await fault.heal();
  expect(await fault.proveHealed()).toEqual({
    effective: true,
    evidence: [sentence("room for"), "store: logged 1 line about a full disk and did not end"],
  });
  expect([...on.sizes.values()]).toEqual([0, 0]);
});

it("is not proven once the program has deleted enough, nor healed while something else fills the disk", async () => {
  await using on = await onDisk();
  const fault = on.faults.fault(fill);
  await fault.inject();
  const [[name, bytes]] = [...on.sizes] as [[string, number]];
  on.sizes.set(name, bytes - 20_000);
  expect(await fault.prove()).toEqual({ effective: false, evidence: [sentence("room for")] });
  await fault.heal();
  on.sizes.set("other", disk.bytes);
  expect((await fault.proveHealed()).effective).toBe(false);
});

it("starts what has ended by itself, and tells how it ended", async () => {
  await using on = await onDisk();
  const fault = on.faults.fault(fill);
  await fault.inject();
  await on.store.end("kill");
  await fault.heal();
  expect(on.store.runs).toBe(true);
  const { effective, evidence } = await fault.proveHealed();
  expect(effective).toBe(true);
  expect(evidence[1]).toMatch(
    /^store: logged nothing about a full disk and ended by itself with exit code 137 after -?\d/,
  );
});

it("leaves down what another fault holds down", async () => {
  await using on = await onDisk();
  const [mine, kill] = [on.faults.fault(fill), on.faults.fault({ kind: "kill", target: "sink" })];
  await mine.inject();
  await kill.inject();
  await mine.heal();
  expect(on.store.runs).toBe(false);
  await kill.heal();
  expect(on.store.runs).toBe(true);
});

it.each([
  ["none", []],
  ["a large one", [{ folder: "/data", bytes: 2 * 1_024 ** 3 }]],
  ["a large one beside a small one", [disk, { folder: "/chunks", bytes: 2 * 1_024 ** 3 }]],
])("fills nothing if the place knows of %s", async (_, disks) => {
  await using on = await onDisk(disks);
  await expect(on.faults.fault(fill).inject()).rejects.toThrow("to a volume of at most 1073741824 bytes");
  expect(on.sizes.size).toBe(0);
});

it("is not possible without a volume of limited size, in a place without any, or in a running stack", async () => {
  expect(() => planFault(fill, memoryPipeline())).toThrow("store writes to no volume of limited size");
  const attached = {
    ...memoryPipeline(),
    smallDisks: [storeService],
    deployment: { kind: "own", project: "shop" },
  };
  expect(() => planFault(fill, attached as never)).toThrow("only in a stack that Everyline has started");
  await using faults = await memoryFaults();
  faults.stack.pipeline.smallDisks = [storeService];
  await expect(faults.fault(fill).inject()).rejects.toThrow("cannot fill a disk");
});

it("ends brokers alone, and breaks Kafka only where fewer than two are left", async () => {
  const pipeline = await loadPipeline("kafka", "small-disks");
  const expected = (target: string) => planFault({ kind: "fill-disk", target }, pipeline).expected;
  expect(expected("sink")).toContain(`${pipeline.sink.ingesters.join(", ")}: not even 16 KiB more`);
  expect(expected("kafka-1")).toMatch(/^kafka-1: /);
  expect(() => expected("gateway")).toThrow("push-gateway writes to no volume of limited size");
});
