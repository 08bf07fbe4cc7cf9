import { expect, it } from "vitest";
import { type SeriesTrack, seriesOf } from "../judge/track.ts";
import type { Usage } from "../places/usage.ts";
import {
  type MeteredInstance,
  maxObservedInstances,
  ResourcesObserver,
  roundMsOf,
} from "./resources-observer.ts";
import { UsageTotals } from "./usage-totals.ts";
import { usageTracks } from "./usage-tracks.ts";

const roundMs = 5;
const never = new AbortController().signal;
const usage = (atMs: number, changes: Partial<Usage> = {}): Usage => ({
  atMs,
  cpuSeconds: atMs / 2_000,
  memoryBytes: 1_000,
  ...changes,
});

/** An instance that gives one answer after the other, and then no answer at all. */
function instanceWith(name: string, answers: (Usage | undefined | Error)[]) {
  const { promise: isDrained, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  const instance: MeteredInstance = {
    name,
    usage: () => {
      const answer = answers[asked++];
      if (asked > answers.length) resolve();
      if (asked > answers.length) return new Promise(() => {});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  return { instance, isDrained };
}

it("tells what each instance uses, and says that no verdict rests on it", async () => {
  const { instance, isDrained } = instanceWith("store", [usage(1_000), usage(2_000, { memoryBytes: 3_000 })]);
  const observer = new ResourcesObserver([instance], roundMs);
  observer.start(never);
  await isDrained;
  const { tracks, ...observed } = await observer.stop();
  expect(observed).toEqual({ observer: "resources", isGroundOfVerdict: false, failure: null });
  expect(seriesOf(tracks, "resources.cpu/store")).toMatchObject({ unit: "CPUs", at: [1_500], values: [0.5] });
  expect(seriesOf(tracks, "resources.memory/store")).toMatchObject({ unit: "B", values: [1_000, 3_000] });
  // What the place does not count has no track.
  expect(tracks).toHaveLength(2);
});

it("leaves a gap, says why and goes on where the place does not answer", async () => {
  const { instance, isDrained } = instanceWith("store", [
    new Error("the engine is busy"),
    usage(Date.now() + 1_000),
  ]);
  const observer = new ResourcesObserver([instance], roundMs);
  observer.start(never);
  await isDrained;
  const { tracks, failure } = await observer.stop();
  expect(failure).toBe("the engine is busy");
  expect(seriesOf(tracks, "resources.memory/store")!.values).toEqual([null, 1_000]);
});

it("observes no more instances than there is room for, and says so", async () => {
  const instances = Array.from({ length: maxObservedInstances + 3 }, (_, index) =>
    instanceWith(`store-${index}`, [usage(1_000)]),
  );
  const observer = new ResourcesObserver(
    instances.map(({ instance }) => instance),
    roundMs,
  );
  observer.start(never);
  await instances[0]!.isDrained;
  const { tracks, failure } = await observer.stop();
  expect(tracks).toHaveLength(maxObservedInstances);
  expect(failure).toBe("only 40 of 43 instances were observed");
});

it("adds up over processes, which count from 0 each", () => {
  const totals = new UsageTotals();
  const seen = [10, 14, 3, 5].map((sentBytes) => totals.add(usage(1, { sentBytes })).sentBytes);
  expect(seen).toEqual([10, 14, 17, 19]);
  expect(totals.add(usage(1, { sentBytes: undefined })).sentBytes).toBeUndefined();
});

it("knows no rate across a time in which nothing ran, nor of one moment", () => {
  const at = (atMs: number, receivedBytes?: number) => ({
    at: atMs,
    values: receivedBytes === undefined ? undefined : usage(atMs, { receivedBytes }),
  });
  const samples = [
    at(1_000, 0),
    at(2_000, 500),
    at(3_000),
    at(4_000, 900),
    at(6_000, 1_100),
    at(6_000, 1_200),
  ];
  const received = usageTracks("store", samples).find(({ title }) => title === "received") as SeriesTrack;
  expect(received.values).toEqual([500, null, null, 100, null]);
  expect(received.at).toEqual([1_500, 2_500, 3_500, 5_000, 6_000]);
});

it("asks once a second, and in a long run no more often than its tracks have points", () => {
  expect(roundMsOf(10)).toBe(1_000);
  expect(roundMsOf(1_800)).toBeCloseTo(3_516, 0);
  expect(roundMsOf(86_400)).toBe(30_000);
});

it("has tracks for what an instance holds", () => {
  const samples = [1_000, 2_000].map((at) => ({
    at,
    values: usage(at, { openDescriptors: at / 100, storedBytes: 10 * at, ownMemoryBytes: 900 }),
  }));
  const tracks = usageTracks("store", samples);
  expect(seriesOf(tracks, "resources.descriptors/store")!.values).toEqual([10, 20]);
  expect(seriesOf(tracks, "resources.stored/store")!.values).toEqual([10_000, 20_000]);
  expect(seriesOf(tracks, "resources.own-memory/store")!.values).toEqual([900, 900]);
});
