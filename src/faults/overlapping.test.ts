import { describe, expect, it } from "vitest";
import { hastened, memoryFaults } from "../../test/support/memory-faults.ts";
import { storeService } from "../places/memory/memory-pipeline.ts";

const store = storeService;
const kill = { kind: "kill", target: "sink" } as const;
const stop = { kind: "stop", target: "sink" } as const;
const restart = { kind: "restart", target: "sink" } as const;
const cut = { kind: "disconnect", target: "shipper-sink" } as const;

describe("faults that hold the same instance down", () => {
  it("keep it down until the last of them heals", async () => {
    await using faults = await memoryFaults();
    const [first, second] = [faults.fault(stop), faults.fault(kill)];
    await first.inject();
    await second.inject();
    expect(await second.prove()).toEqual({
      effective: true,
      evidence: ["store was down already, by another fault of the schedule"],
    });
    await first.heal();
    expect((await faults.stack.instance(store).state()).running).toBe(false);
    expect((await second.prove()).effective).toBe(true);
    await second.heal();
    expect((await faults.stack.instance(store).state()).running).toBe(true);
  });

  it("notice when something else starts it anyway", async () => {
    await using faults = await memoryFaults();
    const [first, second] = [faults.fault(stop), faults.fault(kill)];
    await first.inject();
    await second.inject();
    await faults.stack.instance(store).start();
    expect((await first.prove()).effective).toBe(false);
    expect((await second.prove()).effective).toBe(false);
  });
});

describe("a restart", () => {
  it("does not start what another fault holds down", async () => {
    await using faults = await memoryFaults();
    const [down, again] = [faults.fault(stop), faults.fault(restart)];
    await down.inject();
    await again.inject();
    expect(await again.prove()).toEqual({
      effective: true,
      evidence: ["store was down already, by another fault of the schedule"],
    });
    expect((await down.prove()).effective).toBe(true);
  });

  it("ends before a kill at the same moment begins, and both are effective", async () => {
    await using faults = await memoryFaults();
    await new Promise((resolve) => setTimeout(resolve, 2));
    const [again, down] = [faults.fault(restart), faults.fault(kill)];
    await Promise.all([again.inject(), down.inject()]);
    expect((await again.prove()).effective).toBe(true);
    expect((await down.prove()).effective).toBe(true);
    await again.heal();
    expect((await faults.stack.instance(store).state()).running).toBe(false);
    await down.heal();
    expect((await faults.stack.instance(store).state()).running).toBe(true);
  });
});

describe("a cut link", () => {
  it.each([
    ["stopped", stop],
    ["killed", kill],
  ])("is effective while another fault has %s a process at one of its ends", async (_, spec) => {
    await using faults = await memoryFaults();
    const [link, down] = [faults.fault(cut), faults.fault(spec)];
    await link.inject();
    await down.inject();
    expect(await link.prove()).toEqual({
      effective: true,
      evidence: [
        "store taken from the network delivery, the ends share no other, until another fault brought down store",
      ],
    });
    await link.heal();
    expect((await down.prove()).effective).toBe(true);
    await down.heal();
  });

  it("stays cut until the last of two faults on it heals", async () => {
    await using faults = await memoryFaults();
    const [one, other] = [faults.fault(cut), faults.fault(cut)];
    await one.inject();
    await other.inject();
    await one.heal();
    expect((await other.prove()).effective).toBe(true);
    await other.heal();
    expect((await faults.stack.links.state("shipper-sink")).isCut).toBe(false);
  });

  it("is not healed again by a fault where something else has already healed it", async () => {
    await using faults = await memoryFaults();
    const [link, down] = [faults.fault(cut), faults.fault(stop)];
    await link.inject();
    await down.inject();
    await faults.stack.links.heal("shipper-sink");
    expect((await link.prove()).effective).toBe(false);
  });
});

describe("a replacement by another image", () => {
  it("waits until no fault holds the instance down", async () => {
    using _ = hastened();
    await using faults = await memoryFaults();
    const swap = faults.fault({ kind: "swap-image", target: "sink", image: "memory/store:2" });
    const down = faults.fault(stop);
    await down.inject();
    const swapped = swap.inject();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await faults.stack.instance(store).image()).reference).toBe("memory/store:1");
    expect((await down.prove()).effective).toBe(true);
    await down.heal();
    await swapped;
    expect((await swap.prove()).effective).toBe(true);
  });
});
