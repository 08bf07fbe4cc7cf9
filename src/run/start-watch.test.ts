import { describe, expect, it } from "vitest";
import type { Instance, InstanceState } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { StartWatch } from "./start-watch.ts";

/** An instance whose states are told one after the other; the last one stays. */
function instanceOf(name: string, ...states: Partial<InstanceState & { gone: true }>[]): Instance {
  const left = [...states];
  return {
    name,
    service: name,
    findState: async () => {
      const { gone, ...state } = (left.length > 1 ? left.shift() : left[0])!;
      const whole = { incarnation: "1", running: true, pid: 1, exitCode: 0, startedAtMs: 0, endedAtMs: -1 };
      return gone ? undefined : { ...whole, ...state };
    },
    logs: async () => "level=error bad settings\n",
  } as unknown as Instance;
}

function watchOf(instances: Instance[], { companions, kafka }: Partial<Stack> & { kafka?: object } = {}) {
  let nowMs = 0;
  const stack = { instances: () => instances, companions, pipeline: { kafka } } as unknown as Stack;
  const watch = new StartWatch(stack, () => nowMs);
  return async (atMs: number) => {
    nowMs = atMs;
    return watch.failure();
  };
}

const lastWords = "level=error bad settings";
const starts = ["1", "2", "3", "4"].map((incarnation) => ({ incarnation }));

describe("StartWatch", () => {
  it("tells at once that an instance has ended, and whether its memory was used up", async () => {
    const ended = instanceOf("store", { running: false, exitCode: 137, isOutOfMemory: true });
    expect(await watchOf([ended])(0)).toEqual({
      code: "ended",
      instance: "store",
      exitCode: 137,
      isOutOfMemory: true,
      lastWords,
    });
  });

  it("waits a moment for the engine to tell that the memory of a killed process was used up", async () => {
    const killed = { running: false, exitCode: 137 };
    const late = instanceOf(
      "store",
      ...[false, false, true].map((isOutOfMemory) => ({ ...killed, isOutOfMemory })),
    );
    expect(await watchOf([late])(0)).toMatchObject({ code: "ended", exitCode: 137, isOutOfMemory: true });
    const never = await watchOf([instanceOf("store", { ...killed, isOutOfMemory: false })])(0);
    expect(never).toEqual({ code: "ended", instance: "store", exitCode: 137, lastWords });
  });

  it("tells after three seconds that an instance is started again and again", async () => {
    const [first, second, third, fourth] = starts;
    const loop = instanceOf("store", first!, { ...second, exitCode: 1 }, third!, fourth!);
    const failureAt = watchOf([loop]);
    for (const atMs of [0, 500, 1_000, 2_900]) expect(await failureAt(atMs)).toBeUndefined();
    expect(await failureAt(3_000)).toEqual({
      code: "crash-loop",
      instance: "store",
      starts: 3,
      afterSeconds: 3,
      exitCode: 1,
      lastWords,
    });
  });

  it("lets an instance start again twice, and longer where it may need others that start beside it", async () => {
    const twice = watchOf([instanceOf("store", ...starts.slice(0, 3))]);
    for (const atMs of [0, 1, 2, 60_000]) expect(await twice(atMs)).toBeUndefined();
    const withKafka = watchOf([instanceOf("store", ...starts)], { kafka: {} });
    for (const atMs of [0, 1, 2, 3, 19_000]) expect(await withKafka(atMs)).toBeUndefined();
    expect(await withKafka(20_000)).toMatchObject({ code: "crash-loop", afterSeconds: 20 });
  });

  it("tells that an instance is gone", async () => {
    expect(await watchOf([instanceOf("store", { gone: true })])(0)).toMatchObject({ code: "gone" });
  });

  it("minds what runs beside the parts, unless it has done its work", async () => {
    const store = instanceOf("store", {});
    const done = instanceOf("buckets", { running: false, exitCode: 0 });
    const gone = instanceOf("setup", { gone: true });
    expect(await watchOf([store], { companions: [done, gone] })(0)).toBeUndefined();
    const failed = instanceOf("minio", { running: false, exitCode: 2 });
    expect(await watchOf([store], { companions: [done, failed] })(0)).toMatchObject({
      code: "ended",
      instance: "minio",
      exitCode: 2,
    });
  });
});
