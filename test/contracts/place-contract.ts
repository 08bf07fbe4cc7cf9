import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Redactor } from "../../src/base/redact.ts";
import { randomSeed } from "../../src/load/seed.ts";
import type { LinkName, Pipeline } from "../../src/pipeline/pipeline.ts";
import type { Instance } from "../../src/places/instance.ts";
import type { Place, Stack } from "../../src/places/place.ts";

/** What holds a place to the contract: a pipeline that it can start, and what of it is ended, cut and replaced. */
export interface PlaceUnderTest {
  place: Place;
  pipeline: Pipeline;
  /** A service of the pipeline that ends by itself when it is told to. */
  service: string;
  /** A link between it and another service. */
  link: LinkName;
  /** An image that the service may run instead of its own. */
  otherImage: string;
}

const probeMs = 10;
const timeoutMs = 20_000;
/** Killed one after the other, seven containers take an engine on two idle cores a second, and a busy one longer. */
const atOnceMs = 500;
/** An engine that has other work may note the end of one later than that of another, although one signal ended all. */
const attemptsAtOnce = 4;

/** What not every place can do, or not with every pipeline; and the members that are there where it can. */
const capabilitiesOf = (place: Place, stack: Stack, instance: Instance) => ({
  find: [place.find],
  startHelpers: [place.startHelpers],
  runProgram: [place.runProgram],
  images: [place.images],
  killAtOnce: [stack.killAtOnce],
  proveMounts: [stack.proveMounts],
  pause: [instance.pause, instance.unpause, instance.isPaused],
  replace: [instance.replace],
  duplicate: [instance.duplicate],
  usage: [instance.usage],
  files: [instance.files],
  streamFiles: [instance.streamFiles, instance.fileState, instance.writeFile],
  stdoutFile: [instance.stdoutFile],
  limitedDisks: [instance.limitedDisks, instance.fillDisk],
});

type Capability = keyof ReturnType<typeof capabilitiesOf>;

/**
 * Everything that `Place`, `Stack`, `Instance` and `Links` promise, asked of one implementation.
 *
 * @param lacks every capability that it does not have with the pipeline under test
 */
export function holdsPlaceContract(
  name: string,
  open: () => Promise<PlaceUnderTest>,
  lacks: readonly Capability[] = [],
): void {
  describe(`the place ${name}`, () => {
    const runId = `test-contract-${randomSeed()}`;
    let folder: string;
    let tested: PlaceUnderTest;
    let stack: Stack;
    let instance: Instance;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "everyline-contract-"));
      tested = await open();
      const { place, pipeline } = tested;
      await place.prepare(pipeline, join(folder, "pipeline"), new Redactor([]));
      stack = await place.start(pipeline, {
        runId,
        folder: join(folder, "pipeline"),
        logsFolder: folder,
        onProgress: () => {},
        signal: new AbortController().signal,
      });
      [instance] = stack.instances([tested.service]) as [Instance];
    });

    afterAll(async () => {
      await tested.place.remove(runId);
      await rm(folder, { recursive: true, force: true });
    });

    it("tells what it runs on", async () => {
      const { engine, cpus, memoryBytes } = await tested.place.describe();
      expect(engine).not.toBe("");
      expect(cpus).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(0);
    });

    it("has every capability but those that it is known to lack", () => {
      const capabilities = Object.entries(capabilitiesOf(tested.place, stack, instance));
      const missing = capabilities.filter(([, members]) => members.includes(undefined));
      expect(missing.map(([name]) => name).sort()).toEqual([...lacks].sort());
      for (const [, members] of missing) expect(members.every((member) => member === undefined)).toBe(true);
    });

    it("names what it runs by the run's id", async () => {
      expect(await tested.place.leftovers()).toContain(runId);
    });

    it("starts at least one instance of each service, in the order of the services", async () => {
      const services = stack.instances().map(({ service }) => service);
      expect([...new Set(services)]).toEqual(stack.services);
      const states = await Promise.all(stack.instances().map((each) => each.state()));
      for (const state of states) {
        expect(state.running).toBe(true);
        expect(state.endedAtMs).toBeLessThan(state.startedAtMs);
        expect(state.startedAtMs).toBeLessThanOrEqual(Date.now());
      }
      expect(new Set(states.map(({ incarnation }) => incarnation)).size).toBe(states.length);
    });

    it("gives the instances of some services alone, and each by its name", () => {
      expect(stack.instances([tested.service]).map(({ service }) => service)).toContain(tested.service);
      expect(stack.instances([])).toEqual([]);
      for (const each of stack.instances()) expect(stack.instance(each.name)).toBe(each);
      expect(() => stack.instance("no-such-instance")).toThrow(RangeError);
    });

    it("names the image of each service once", async () => {
      expect(new Set(stack.images.map(({ service }) => service))).toEqual(new Set(stack.services));
      for (const each of stack.instances()) expect(stack.images).toContainEqual(await each.image());
    });

    it("sees a killed process as ended with 137, and as the same one until it is started again", async () => {
      const before = await instance.state();
      const askedAtMs = Date.now();
      await instance.end("kill");
      const ended = await ending(instance);
      expect(ended).toMatchObject({ incarnation: before.incarnation, exitCode: 137, pid: 0 });
      expectAround(ended.endedAtMs, askedAtMs);
      await instance.start();
      const again = await instance.state();
      expect(again.running).toBe(true);
      expect(again.incarnation).not.toBe(before.incarnation);
      expect(again.startedAtMs).toBeGreaterThanOrEqual(again.endedAtMs);
    });

    it("has ended a process that is told to end when it says so", async () => {
      await instance.end("term");
      const ended = await instance.state();
      expect(ended.running).toBe(false);
      expect(ended.endedAtMs).toBeGreaterThanOrEqual(ended.startedAtMs);
      await instance.start();
    });

    it("leaves every other instance as it is", async () => {
      const others = stack.instances().filter((each) => each !== instance);
      const before = await Promise.all(others.map((other) => other.state()));
      await instance.end("kill");
      await ending(instance);
      await instance.start();
      expect(await Promise.all(others.map((other) => other.state()))).toEqual(before);
    });

    it("restarts, also what does not run", async () => {
      const before = await instance.state();
      await instance.restart();
      const after = await instance.state();
      expect(after.incarnation).not.toBe(before.incarnation);
      expect(after.startedAtMs).toBeGreaterThanOrEqual(after.endedAtMs);
      await instance.end("kill");
      await ending(instance);
      await instance.restart();
      expect((await instance.state()).running).toBe(true);
    });

    it("refuses to end what does not run, and to start what runs", async () => {
      await expect(instance.start()).rejects.toThrow();
      await instance.end("kill");
      await ending(instance);
      await expect(instance.end("kill")).rejects.toThrow();
      await expect(instance.end("term")).rejects.toThrow();
      await instance.start();
    });

    it("keeps the last lines that an instance wrote", async () => {
      await expect.poll(() => instance.logs(1_000), { timeout: timeoutMs }).not.toBe("");
      expect((await instance.logs(1)).trim().split("\n")).toHaveLength(1);
    });

    it("pauses and resumes a process, which is no new start", async () => {
      if (!instance.pause || !instance.unpause || !instance.isPaused) return expect(lacks).toContain("pause");
      const { incarnation } = await instance.state();
      expect(await instance.isPaused()).toBe(false);
      await instance.pause();
      expect(await instance.isPaused()).toBe(true);
      expect(await instance.state()).toMatchObject({ running: true, incarnation });
      await instance.unpause();
      expect(await instance.isPaused()).toBe(false);
      await instance.pause();
      await instance.end("kill");
      expect((await ending(instance)).exitCode).toBe(137);
      await instance.start();
      expect(await instance.isPaused()).toBe(false);
    });

    it("cuts a link and heals it, each as often as it is asked to", async () => {
      const { link } = tested;
      const whole = await stack.links.state(link);
      expect(whole).toMatchObject({ isCut: false, endsRun: true });
      expect(whole.shared).not.toEqual([]);
      await stack.links.heal(link);
      const askedAtMs = Date.now();
      expectAround(await stack.links.cut(link), askedAtMs);
      const cut = await stack.links.state(link);
      expect(cut).toMatchObject({ isCut: true, endsRun: true, shared: [], network: whole.network });
      expect(cut.taken.length).toBeGreaterThan(0);
      for (const name of cut.taken) expect((await stack.instance(name).state()).running).toBe(true);
      await stack.links.heal(link);
      await stack.links.heal(link);
      expect(await stack.links.state(link)).toMatchObject({ isCut: false, shared: whole.shared });
    });

    it("calls no link cut of which an end is down", async () => {
      await stack.links.cut(tested.link);
      await instance.end("kill");
      await ending(instance);
      expect(await stack.links.state(tested.link)).toMatchObject({ isCut: false, endsRun: false });
      await instance.start();
      await stack.links.heal(tested.link);
      expect(await stack.links.state(tested.link)).toMatchObject({ isCut: false, endsRun: true });
    });

    it("kills several at once, and leaves the others as they are", async () => {
      if (!stack.killAtOnce) return expect(lacks).toContain("killAtOnce");
      const killed = stack.instances().filter((each) => each !== instance);
      const spared = await instance.state();
      try {
        await expectKilledAtOnce(stack, killed);
        expect(await instance.state()).toEqual(spared);
      } finally {
        for (const each of killed) await each.start();
      }
    });

    it("kills all of them at once", async () => {
      if (!stack.killAtOnce) return expect(lacks).toContain("killAtOnce");
      try {
        await expectKilledAtOnce(stack, stack.instances());
      } finally {
        for (const each of stack.instances()) await each.start();
      }
    });

    it("puts another image in the place of an instance's", async () => {
      if (!instance.replace || !stack.resolveImage) return expect(lacks).toContain("replace");
      const before = await instance.state();
      const own = await instance.image();
      const options = { onProgress: () => {}, signal: new AbortController().signal };
      const { sizeBytes: _, ...other } = await stack.resolveImage(tested.otherImage, options);
      await instance.replace(other);
      expect(await instance.image()).toMatchObject({ id: other.id, service: instance.service });
      expect((await instance.state()).incarnation).not.toBe(before.incarnation);
      expect(stack.instance(instance.name)).toBe(instance);
      expect(stack.images).toContainEqual({ service: instance.service, ...other });
      expect(await instance.logs(1_000)).toContain(`(replaced by ${other.reference})`);
      expect(await stack.changes(stack.services)).toEqual([]);
      await instance.replace(own);
      expect((await instance.image()).id).toBe(own.id);
    });

    it("starts a second one beside an instance, which is none of its service's", async () => {
      if (!instance.duplicate) return expect(lacks).toContain("duplicate");
      const twin = await instance.duplicate();
      expect((await twin.state()).running).toBe(true);
      expect(stack.instances()).not.toContain(twin);
      expect(await stack.changes(stack.services)).toEqual([]);
      await twin.remove();
      expect(await twin.findState()).toBeUndefined();
    });

    it("reads every file of a folder and its subfolders, by name, up to a size, and writes one back", async () => {
      if (!instance.files || !instance.writeFile) return expect(lacks).toContain("files");
      const header = { mode: 0o640 };
      for (const name of ["two.log", "below/one.log"])
        await instance.writeFile("/", { name: `read/${name}`, content: Buffer.from(name), header });
      const found = await instance.files("/read", 20);
      expect(found.map(({ name, content }) => [name, content.toString()])).toEqual([
        ["below/one.log", "below/one.log"],
        ["two.log", "two.log"],
      ]);
      await instance.writeFile("/read", { ...found[1]!, content: Buffer.from("changed") });
      const [, changed] = await instance.files("/read", 20);
      expect(changed).toMatchObject({ name: "two.log", content: Buffer.from("changed") });
      await expect(instance.files("/read", 19)).rejects.toThrow(RangeError);
    });

    it("streams the files of a folder, whether the process runs or not, and tells what it knows of each", async () => {
      if (!instance.streamFiles || !instance.fileState || !instance.writeFile)
        return expect(lacks).toContain("streamFiles");
      const whole = Buffer.from("a line\n".repeat(100_000));
      const contents = { "one.log": whole, "two.log": Buffer.from("no newline"), "below/three.log": whole };
      const streamed = async (path: string) => {
        const seen: [name: string, bytes: number, content: Buffer][] = [];
        for await (const { name, bytes, content } of instance.streamFiles!(path))
          seen.push([name, bytes, await buffer(content)]);
        return seen.sort(([one], [other]) => (one < other ? -1 : 1));
      };
      expect(await streamed("/contract")).toEqual([]);
      expect(await instance.fileState("/contract")).toBeUndefined();
      for (const [name, content] of Object.entries(contents))
        await instance.writeFile("/", { name: `contract/${name}`, content, header: { mode: 0o644 } });
      const expected = [
        ["one.log", whole.length, whole],
        ["two.log", 10, contents["two.log"]],
      ];
      expect(await streamed("/contract")).toEqual(expected);
      expect(await streamed("/contract/two.log")).toEqual([expected[1]]);
      expect(await streamed("/contract/none.log")).toEqual([]);
      expect(await instance.fileState("/contract")).toBeDefined();
      const before = await instance.fileState("/contract/two.log");
      expect(before?.bytes).toBe(10);
      expect(await instance.fileState("/contract/two.log")).toEqual(before);
      await instance.end("kill");
      await ending(instance);
      expect(await streamed("/contract")).toEqual(expected);
      expect(await instance.fileState("/contract/two.log")).toEqual(before);
      await instance.start();
    });

    it("measures what a process uses, and nothing where none runs", async () => {
      if (!instance.usage) return expect(lacks).toContain("usage");
      const { atMs, cpuSeconds, memoryBytes } = (await instance.usage())!;
      expect(atMs).toBeLessThanOrEqual(Date.now() + 50);
      expect(cpuSeconds).toBeGreaterThanOrEqual(0);
      expect(memoryBytes).toBeGreaterThan(0);
      await instance.end("kill");
      await ending(instance);
      expect(await instance.usage()).toBeUndefined();
      await instance.start();
    });

    it("sees no change where nothing but faults was at work", async () => {
      expect(await stack.changes(stack.services)).toEqual([]);
    });

    it("has nothing left of a run that was removed", async () => {
      const removed = await tested.place.remove(runId);
      expect(Object.values(removed).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      expect(await tested.place.leftovers()).not.toContain(runId);
      for (const each of stack.instances()) {
        expect(await each.findState()).toBeUndefined();
        await expect(each.state()).rejects.toThrow(each.name);
      }
      const changes = await stack.changes(stack.services);
      expect(changes).toEqual(
        stack.instances().map(({ name }) => ({ code: "instance-gone", instance: name })),
      );
      const again = await tested.place.remove(runId);
      expect(Object.values(again).every((count) => count === 0)).toBe(true);
    });

    it("starts nothing for a run that was aborted, or leaves it to be removed", async () => {
      const aborted = `${runId}-aborted`;
      const attempt = tested.place.start(tested.pipeline, {
        runId: aborted,
        folder: join(folder, "pipeline"),
        logsFolder: folder,
        onProgress: () => {},
        signal: AbortSignal.abort(new Error("enough")),
      });
      await expect(attempt).rejects.toThrow("enough");
      await tested.place.remove(aborted);
      expect(await tested.place.leftovers()).not.toContain(aborted);
    });
  });
}

async function expectKilledAtOnce(stack: Stack, instances: readonly Instance[]): Promise<void> {
  const spreadsMs: number[] = [];
  while (spreadsMs.length < attemptsAtOnce && !spreadsMs.some((spreadMs) => spreadMs < atOnceMs)) {
    if (spreadsMs.length > 0) for (const each of instances) await each.start();
    spreadsMs.push(await spreadOfKills(stack, instances));
  }
  expect(Math.min(...spreadsMs)).toBeLessThan(atOnceMs);
}

/** Kills instances, and tells how many milliseconds lie between the first end and the last. */
async function spreadOfKills(stack: Stack, instances: readonly Instance[]): Promise<number> {
  const before = await Promise.all(instances.map((each) => each.state()));
  const askedAtMs = Date.now();
  await stack.killAtOnce!(instances);
  const ended = await Promise.all(instances.map(ending));
  for (const [index, state] of ended.entries()) {
    expect(state).toMatchObject({ incarnation: before[index]!.incarnation, exitCode: 137, pid: 0 });
    expectAround(state.endedAtMs, askedAtMs);
  }
  const endsMs = ended.map(({ endedAtMs }) => endedAtMs);
  return Math.max(...endsMs) - Math.min(...endsMs);
}

/** Waits until a process has ended. */
async function ending(instance: Instance) {
  for (const deadlineMs = Date.now() + timeoutMs; ; await setTimeout(probeMs)) {
    const state = await instance.state();
    if (!state.running || Date.now() > deadlineMs) return state;
  }
}

/** Times of a place are on this machine's clock, and rounded by no more than a moment. */
function expectAround(atMs: number, askedAtMs: number): void {
  expect(atMs).toBeGreaterThanOrEqual(askedAtMs - 50);
  expect(atMs).toBeLessThanOrEqual(Date.now() + 50);
}
