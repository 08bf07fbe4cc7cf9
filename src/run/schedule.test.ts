import { expect, it } from "vitest";
import { type SteppedSchedule, steppedSchedule } from "../../test/support/memory-schedule.ts";
import type { ScheduledFault } from "../plan/scenario.ts";

const target = "sink";
const stopped: ScheduledFault = { kind: "stop", target, at: 0.2, until: 0.6 };
const killed: ScheduledFault = { kind: "kill", target, at: 0.2, until: 0.6 };
const cut: ScheduledFault = { kind: "disconnect", target: "shipper-sink", at: 0.4, until: 0.8 };
const restarted: ScheduledFault = { kind: "restart", target, at: 0.5 };

/** The names of the events so far. */
function eventsOf({ events }: SteppedSchedule): string[] {
  return events.map(({ event }) => event);
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1, timeout: 5_000 }).toBe(true);
}

it("injects a fault when its share of the lines is written, and heals it when the other is", async () => {
  await using stepped = await steppedSchedule([stopped]);
  const { load, stack, schedule } = stepped;
  const store = stack.instance("store");
  load.written = 19;
  expect(stepped.inForce).toEqual([]);
  load.written = 20;
  await until(() => eventsOf(stepped).includes("fault-in-force"));
  expect(store.runs).toBe(false);
  load.written = 60;
  const [record] = await schedule.healed;
  expect(store.runs).toBe(true);
  expect(record).toMatchObject({ kind: "stop", target, effective: true });
  expect(Date.parse(record!.startedAt)).toBeLessThanOrEqual(Date.parse(record!.endedAt));
  expect(eventsOf(stepped)).toEqual(["fault-injecting", "fault-in-force", "fault-healed"]);
  expect(stepped.inForce).toEqual([["stop sink"], []]);
});

it("holds faults at the same time, each for as long as it says", async () => {
  await using stepped = await steppedSchedule([stopped, cut]);
  const { load, stack, schedule } = stepped;
  load.written = 40;
  await until(() => stepped.events.filter(({ event }) => event === "fault-in-force").length === 2);
  load.written = 60;
  await until(() => stepped.inForce.at(-1)!.length === 1);
  expect(stepped.inForce.at(-1)).toEqual(["disconnect shipper-sink"]);
  expect((await stack.links.state("shipper-sink")).isCut).toBe(true);
  load.written = 80;
  const records = await schedule.healed;
  expect(records.map(({ kind, effective }) => [kind, effective])).toEqual([
    ["stop", true],
    ["disconnect", true],
  ]);
  expect((await stack.links.state("shipper-sink")).isCut).toBe(false);
});

it("has what comes before the first line in force before the load begins", async () => {
  await using stepped = await steppedSchedule([{ ...cut, at: 0 }, killed]);
  await stepped.schedule.begun;
  expect(stepped.load.written).toBe(0);
  expect((await stepped.stack.links.state("shipper-sink")).isCut).toBe(true);
  expect(stepped.stack.instance("store").runs).toBe(true);
});

it("lets the load end once every fault has taken effect", async () => {
  await using stepped = await steppedSchedule([killed, restarted]);
  const { load } = stepped;
  load.written = 30;
  await until(() => eventsOf(stepped).includes("fault-in-force"));
  expect(load.end).toBeUndefined();
  load.written = 50;
  await until(() => load.end !== undefined);
  expect(load.end).toBe(100);
});

it("heals at the end of a load that ends early", async () => {
  await using stepped = await steppedSchedule([killed]);
  stepped.load.written = 30;
  await until(() => eventsOf(stepped).includes("fault-in-force"));
  stepped.load.stop();
  await stepped.schedule.healed;
  expect(stepped.stack.instance("store").runs).toBe(true);
});

it("calls a fault ineffective that something else ended before it was to heal", async () => {
  await using stepped = await steppedSchedule([killed]);
  const { load, stack, schedule } = stepped;
  load.written = 20;
  await until(() => eventsOf(stepped).includes("fault-in-force"));
  await stack.instance("store").start();
  load.written = 60;
  expect(await schedule.healed).toMatchObject([{ effective: false }]);
});

it("records what failed as ineffective, heals what is left of it, and goes on with the others", async () => {
  await using stepped = await steppedSchedule([killed, cut], {}, (stack) => {
    const store = stack.instance("store");
    const end = store.end.bind(store);
    let asked = 0;
    store.end = (how) => (asked++ === 0 ? Promise.reject(new Error("the place refuses")) : end(how));
  });
  const { load, schedule, stack } = stepped;
  load.written = 80;
  const records = await schedule.healed;
  expect(records).toMatchObject([
    { kind: "kill", effective: false },
    { kind: "disconnect", effective: true },
  ]);
  expect(JSON.stringify(records[0]!.evidence)).toContain("the place refuses");
  expect(eventsOf(stepped)).toContain("fault-failed");
  expect(stack.instance("store").runs).toBe(true);
  expect(stepped.inForce.at(-1)).toEqual([]);
});

it("reports a fault that could be neither proven nor healed", async () => {
  await using stepped = await steppedSchedule([cut], {}, ({ links }) => {
    links.state = () => Promise.reject(new Error("nobody knows"));
    links.heal = () => Promise.reject(new Error("it stays cut"));
  });
  stepped.load.written = 80;
  expect(await stepped.schedule.healed).toMatchObject([{ effective: false }]);
  expect(stepped.events.find(({ event }) => event === "fault-not-healed")).toMatchObject({
    message: "it stays cut",
  });
});

it("asks for an audit while the fault holds, and keeps what it found", async () => {
  await using stepped = await steppedSchedule([{ ...killed, audit: "kafka" }]);
  stepped.load.written = 60;
  const [record] = await stepped.schedule.healed;
  expect(stepped.audits).toEqual(["kafka"]);
  expect(record!.evidence).toContainEqual({ code: "kafka-held", delivered: 3, written: 4, deleted: null });
  expect(eventsOf(stepped)).toEqual(["fault-injecting", "fault-in-force", "audited", "fault-healed"]);
});

it("asks for an audit before a fault that takes no time, as that may remove what there is to find", async () => {
  await using stepped = await steppedSchedule([{ kind: "restart", target: "sink", at: 0.1, audit: "kafka" }]);
  stepped.load.written = 60;
  const [record] = await stepped.schedule.healed;
  expect(record!.evidence).toContainEqual({ code: "kafka-held", delivered: 3, written: 4, deleted: null });
  expect(eventsOf(stepped)).toEqual(["fault-injecting", "audited", "fault-in-force", "fault-healed"]);
});

it("stops when it is aborted, and does nothing more", async () => {
  await using stepped = await steppedSchedule([killed, cut]);
  stepped.load.written = 20;
  await until(() => eventsOf(stepped).includes("fault-in-force"));
  stepped.abort(new Error("enough"));
  await expect(stepped.schedule.healed).rejects.toThrow("enough");
  await stepped.schedule.ended;
  expect(stepped.inForce.at(-1)).toEqual([]);
  // The stack is removed with the run, so nothing of it is started again.
  expect(stepped.stack.instance("store").runs).toBe(false);
});
