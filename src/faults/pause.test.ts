import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { memoryFaults } from "../../test/support/memory-faults.ts";
import { storeService } from "../places/memory/memory-pipeline.ts";

const pause = { kind: "pause", target: "sink" } as const;
const kill = { kind: "kill", target: "sink" } as const;

it("stops the process until it heals, and then lets the same process go on", async () => {
  await using faults = await memoryFaults();
  const { incarnation, pid } = await faults.stack.instance(storeService).state();
  const fault = faults.fault(pause);
  await fault.inject();
  expect(faults.stack.readable).toBeUndefined();
  expect(await fault.prove()).toEqual({ effective: true, evidence: [`store: pid ${pid} stands still`] });
  await fault.heal();
  expect(await fault.proveHealed()).toEqual({ effective: true, evidence: [`store: pid ${pid} goes on`] });
  expect(faults.stack.readable).toEqual([]);
  expect((await faults.stack.instance(storeService).state()).incarnation).toBe(incarnation);
});

it("asks a server that answered before whether it is silent, and whether it answers again", async () => {
  await using faults = await memoryFaults();
  const store = faults.stack.instance(storeService);
  const server = createServer((_, response) => {
    if (store.serves) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  store.address = async () => ({ host: "127.0.0.1", port, url: `http://127.0.0.1:${port}` });
  const fault = faults.fault(pause);
  await fault.inject();
  expect((await fault.prove()).evidence).toEqual([
    expect.stringMatching(/stands still, and it answers nothing$/),
  ]);
  await fault.heal();
  expect((await fault.proveHealed()).evidence).toEqual([expect.stringMatching(/goes on, and it answers$/)]);
  server.close();
});

it("is not proven once something else has resumed or ended the process, nor where nothing ran", async () => {
  await using faults = await memoryFaults();
  const store = faults.stack.instance(storeService);
  const fault = faults.fault(pause);
  await fault.inject();
  await store.unpause();
  expect(await fault.prove()).toMatchObject({
    effective: false,
    evidence: [expect.stringContaining("does not stand still")],
  });
  await store.end("kill");
  expect(await fault.prove()).toMatchObject({
    effective: false,
    evidence: [expect.stringContaining("was paused, and no longer runs")],
  });
  await fault.heal();
  expect((await fault.proveHealed()).effective).toBe(false);
  const onNothing = faults.fault(pause);
  await onNothing.inject();
  expect(await onNothing.prove()).toEqual({
    effective: false,
    evidence: ["store did not run, so there was nothing to pause"],
  });
});

it("is effective where another fault had ended the process, and where another ends it meanwhile", async () => {
  await using faults = await memoryFaults();
  const [before, down, after] = [faults.fault(pause), faults.fault(kill), faults.fault(pause)];
  await before.inject();
  expect((await before.prove()).effective).toBe(true);
  await down.inject();
  // Later than the kill by the clock, as faults of a schedule are.
  await setTimeout(5);
  await after.inject();
  for (const fault of [before, after])
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: ["another fault of the schedule ended the process of store, and this fault with it"],
    });
  expect((await down.prove()).effective).toBe(true);
  await down.heal();
  for (const fault of [before, after]) {
    await fault.heal();
    expect((await fault.proveHealed()).effective).toBe(true);
  }
  expect(faults.stack.readable).toEqual([]);
});

it("lets the process go on only when the last of two pauses heals", async () => {
  await using faults = await memoryFaults();
  const [one, other] = [faults.fault(pause), faults.fault(pause)];
  await one.inject();
  await other.inject();
  await one.heal();
  expect((await one.proveHealed()).effective).toBe(true);
  expect((await other.prove()).effective).toBe(true);
  await other.heal();
  expect((await other.proveHealed()).effective).toBe(true);
});
