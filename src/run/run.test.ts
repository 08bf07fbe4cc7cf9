import { expect, it } from "vitest";
import { memoryRun } from "../../test/support/memory-run.ts";
import { MemoryPlace } from "../places/memory/memory-place.ts";
import type { ScheduledFault } from "../plan/scenario.ts";

const stopped: ScheduledFault = { kind: "stop", target: "sink", at: 0.2, until: 0.6 };
const killed: ScheduledFault = { kind: "kill", target: "sink", at: 0.4, until: 0.6 };
const cut: ScheduledFault = { kind: "disconnect", target: "shipper-sink", at: 0.3, until: 0.8 };

it.concurrent("holds where every line is delivered in spite of the faults, and leaves nothing behind", async () => {
  const { document, events, leftovers } = await memoryRun({ faults: [stopped, cut] });
  expect(document.reasons).toEqual([]);
  expect(document.verdict).toBe("holds");
  const { written } = document.counts;
  expect(written).toBeGreaterThanOrEqual(200);
  expect(document.counts).toMatchObject({ delivered: written, lost: 0, corrupted: 0 });
  expect(document.faults.map(({ kind, effective }) => [kind, effective])).toEqual([
    ["stop", true],
    ["disconnect", true],
  ]);
  const steps = ["run-started", "up", "proven", "loaded", "settled", "down", "judged"];
  expect(events.map(({ event }) => event).filter((event) => steps.includes(event))).toEqual(steps);
  expect(leftovers).toEqual([]);
});

it.concurrent("is broken by a sink that acknowledges lines and drops them", async () => {
  const { document } = await memoryRun({ place: { store: { losesEvery: 50 } }, faults: [cut] });
  expect(document.verdict).toBe("broken");
  // Of each 50 lines one, the sentinels among them.
  const { written, delivered, lost } = document.counts;
  expect([delivered, lost]).toEqual([written - lost, Math.floor((written + 2) / 50)]);
});

it.concurrent("is broken by a sink that forgets what it had in memory alone when it is killed", async () => {
  const { document } = await memoryRun({ place: { store: { isDurable: false } }, faults: [killed] });
  expect(document.verdict).toBe("broken");
  expect(document.counts.lost).toBeGreaterThan(0);
});

it.concurrent("is broken by a shipper that gives up before the sink is back", async () => {
  const place = { shipper: { retries: 2, firstRetryMs: 1, longestRetryMs: 1 } };
  // As long as the load, so that also a thread that is busy has given up by then.
  const { document } = await memoryRun({ place, faults: [{ ...stopped, at: 0, until: 1 }] });
  expect(document.verdict).toBe("broken");
  expect(document.counts.lost).toBeGreaterThan(0);
});

it.concurrent("holds where as many lines are lost as the claim allows", async () => {
  const { document } = await memoryRun({
    place: { store: { losesEvery: 50 } },
    faults: [cut],
    bounds: { lost: 50 },
  });
  expect(document.verdict).toBe("holds");
});

it.concurrent("is unknown where something else starts again what a fault has ended", async () => {
  const { document } = await memoryRun({
    faults: [killed],
    meddle: (event, stack) => {
      if (event === "fault-in-force") void stack!.instance("store").start();
    },
  });
  expect(document.verdict).toBe("unknown");
  expect(document.faults).toMatchObject([{ kind: "kill", effective: false }]);
  expect(document.counts.lost).toBe(0);
});

it.concurrent("is unknown where a store does not answer at the end, since nothing can be read back", async () => {
  const { document } = await memoryRun({
    faults: [cut],
    meddle: (event, stack) => {
      if (event === "settled") void stack!.instance("store").end("kill");
    },
  });
  expect(document.verdict).toBe("unknown");
  expect(document.reasons[0]).toMatchObject({
    code: "not-read",
    problem: { code: "unanswered", sink: "memory" },
  });
});

it.concurrent("is unknown where the faults are disabled, whatever was delivered", async () => {
  const { document } = await memoryRun({ faults: [killed], withFaults: false });
  expect(document.verdict).toBe("unknown");
  expect(document.faults).toEqual([]);
  expect(document.counts).toMatchObject({ written: 200, delivered: 200 });
});

it.concurrent("is unknown, and breaks nothing, where the sentinels do not arrive", async () => {
  const { document, events } = await memoryRun({
    place: { store: { losesEvery: 1 } },
    faults: [stopped],
    context: { sentinelTimeoutMs: 200 },
  });
  expect(document.verdict).toBe("unknown");
  expect(document.faults).toEqual([]);
  const failure = { code: "no-sentinel", instance: "shipper", unreadable: null, discarded: {} };
  expect(document.reasons[0]).toMatchObject({ code: "not-proven", failure });
  expect(events.map(({ event }) => event)).not.toContain("fault-injecting");
});

it.concurrent("removes everything when it is interrupted, and says why it ended", async () => {
  const aborted = new AbortController();
  const events: string[] = [];
  const attempt = memoryRun({
    faults: [stopped],
    context: { signal: aborted.signal },
    meddle: (event) => {
      events.push(event);
      if (event === "fault-in-force") aborted.abort(new Error("enough"));
    },
  });
  await expect(attempt).rejects.toThrow("enough");
  expect(events.slice(-2)).toEqual(["down", "run-failed"]);
});

it.concurrent("comes to its verdict though something of the stack cannot be removed, and says so", async () => {
  class ClingingPlace extends MemoryPlace {
    override async remove(runId: string): Promise<never> {
      await super.remove(runId);
      throw new Error("a network has active endpoints");
    }
  }
  const { document, events } = await memoryRun({ faults: [cut], context: { place: new ClingingPlace() } });
  expect(document.verdict).toBe("holds");
  const told = events.find(({ event, text }) => event === "cleanup-failed" && text !== undefined);
  expect(told!.text).toBe("cleaning up failed, run `everyline clean`: a network has active endpoints");
});

it.concurrent("stores no secret of an instance, also in the plan, which is stored before any instance runs", async () => {
  const { document, events } = await memoryRun({ secrets: ["Nothing is lost"] });
  expect(document.plan.claim.text).toBe("[redacted].");
  expect(JSON.stringify([document, events])).not.toContain("Nothing is lost");
});
