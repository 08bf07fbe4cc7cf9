import { describe, expect, it } from "vitest";
import { hastened, memoryFaults } from "../../test/support/memory-faults.ts";
import { storeService } from "../places/memory/memory-pipeline.ts";

const store = storeService;
const kill = { kind: "kill", target: "sink" } as const;
const stop = { kind: "stop", target: "sink" } as const;
const restart = { kind: "restart", target: "sink" } as const;
const cut = { kind: "disconnect", target: "shipper-sink" } as const;

describe("a stop", () => {
  it("holds until it heals, with the process ended by itself", async () => {
    await using faults = await memoryFaults();
    const beganAtMs = Date.now();
    const fault = faults.fault(stop);
    expect(await fault.inject()).toBeGreaterThanOrEqual(beganAtMs);
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: [expect.stringMatching(/^store: pid \d+ ended with exit code 0$/)],
    });
    expect(faults.stack.readable).toBeUndefined();
    await fault.heal();
    expect(faults.stack.readable).toEqual([]);
  });

  it("ends every instance, and reports within what time", async () => {
    await using faults = await memoryFaults(2);
    const fault = faults.fault(stop);
    await fault.inject();
    const { effective, evidence } = await fault.prove();
    expect(effective).toBe(true);
    expect(evidence).toEqual([
      expect.stringMatching(/^store-1: pid/),
      expect.stringMatching(/^store-2: pid/),
      expect.stringMatching(/^all within \d+ ms$/),
    ]);
  });
});

describe("a kill", () => {
  it("ends the process with SIGKILL, and another one runs afterwards", async () => {
    await using faults = await memoryFaults();
    const before = await faults.stack.instance(store).state();
    const fault = faults.fault(kill);
    await fault.inject();
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: [`store: pid ${before.pid} ended with exit code 137 (SIGKILL)`],
    });
    const healedAtMs = await fault.heal();
    const after = await faults.stack.instance(store).state();
    expect(after).toMatchObject({ running: true, startedAtMs: healedAtMs });
    expect(after.incarnation).not.toBe(before.incarnation);
  });

  it("is ineffective where nothing ran, and once something else has started the process again", async () => {
    await using faults = await memoryFaults();
    await faults.stack.instance(store).end("kill");
    const onNothing = faults.fault(kill);
    await onNothing.inject();
    expect(await onNothing.prove()).toEqual({
      effective: false,
      evidence: ["store did not run, so there was nothing to end"],
    });
    await onNothing.heal();
    const fault = faults.fault(kill);
    await fault.inject();
    expect((await fault.prove()).effective).toBe(true);
    await faults.stack.instance(store).start();
    expect(await fault.prove()).toEqual({
      effective: false,
      evidence: [expect.stringMatching(/something started the container again after \d+\.\d\d s$/)],
    });
  });

  it("is ineffective where an instance that serves is gone", async () => {
    await using faults = await memoryFaults(2);
    const fault = faults.fault(kill);
    await fault.inject();
    await faults.stack.instances([store])[1]!.remove();
    await expect(fault.prove()).rejects.toThrow("store-2 is gone");
  });
});

describe("a restart", () => {
  it("is proven by another process, and held from the end of the first to the start of the second", async () => {
    await using faults = await memoryFaults();
    const before = await faults.stack.instance(store).state();
    const fault = faults.fault(restart);
    // A millisecond between the two starts, by which they can be told apart.
    await new Promise((resolve) => setTimeout(resolve, 2));
    const startedAtMs = await fault.inject();
    const after = await faults.stack.instance(store).state();
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: [expect.stringMatching(`^store: pid ${before.pid} became ${after.pid}, down for 0.0\\d s$`)],
    });
    expect([startedAtMs, await fault.heal()]).toEqual([after.endedAtMs, after.startedAtMs]);
  });

  it("is ineffective where nothing ran", async () => {
    await using faults = await memoryFaults();
    await faults.stack.instance(store).end("term");
    const fault = faults.fault(restart);
    await fault.inject();
    expect(await fault.prove()).toEqual({
      effective: false,
      evidence: ["store did not run, so there was nothing to restart"],
    });
  });
});

describe("a cut link", () => {
  it("carries nothing until it heals", async () => {
    await using faults = await memoryFaults();
    const fault = faults.fault(cut);
    await fault.inject();
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: ["store taken from the network delivery, the ends share no other, while both ran"],
    });
    await fault.heal();
    expect((await fault.prove()).effective).toBe(false);
  });

  it("is not proven once something else has healed it, or has ended a process at one of its ends", async () => {
    await using faults = await memoryFaults();
    const fault = faults.fault(cut);
    await fault.inject();
    await faults.stack.instance(store).end("kill");
    expect(await fault.prove()).toMatchObject({
      effective: false,
      evidence: [expect.stringContaining("but not all of the ends run")],
    });
    await faults.stack.instance(store).start();
    expect((await fault.prove()).effective).toBe(true);
    await faults.stack.links.heal("shipper-sink");
    expect((await fault.prove()).effective).toBe(false);
  });
});

describe("a replacement by another image", () => {
  const swap = { kind: "swap-image", target: "sink", image: "memory/store:2" } as const;

  it("runs the other image until it heals, and then the former one", async () => {
    using _ = hastened();
    await using faults = await memoryFaults();
    const fault = faults.fault(swap);
    await fault.inject();
    expect(await fault.prove()).toEqual({
      effective: true,
      evidence: [
        expect.stringMatching(
          /^store: memory\/store:1 \(\w{12}\) became memory\/store:2 \(\w{12}\), away for/,
        ),
      ],
    });
    await fault.heal();
    expect((await fault.proveHealed()).effective).toBe(true);
    expect((await faults.stack.instance(store).image()).reference).toBe("memory/store:1");
    expect(faults.pauses).toBe(2);
  });
});
