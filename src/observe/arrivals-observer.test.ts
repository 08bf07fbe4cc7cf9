import { describe, expect, it } from "vitest";
import { ReadError } from "../base/read-error.ts";
import type { SpansTrack } from "../judge/track.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { SinkWatch } from "../sinks/sink.ts";
import { ArrivalsObserver } from "./arrivals-observer.ts";

const never = new AbortController().signal;

/** An observer of a sink that answers each look with what it is told to. */
function observerOf(look: (signal: AbortSignal) => Promise<void>) {
  const arrivals = new Arrivals(0, new Map([["app-1", 10]]));
  const observer = new ArrivalsObserver({
    watch: (signal) => ({ look: () => look(signal()) }) as unknown as SinkWatch,
    arrivals,
    written: () => 7,
    onLook: () => {},
  });
  return { observer, arrivals };
}

async function spansOf(observer: ArrivalsObserver): Promise<SpansTrack["spans"]> {
  const { tracks } = await observer.stop();
  return (tracks.find(({ id }) => id === "queries.unanswered") as SpansTrack).spans;
}

/** Like a query that only an abort ends. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () =>
      reject(new ReadError({ code: "told", text: "the question was broken off" })),
    ),
  );
}

describe("ArrivalsObserver", () => {
  it("records how many lines were written and readable at each look", async () => {
    const { observer, arrivals } = observerOf(() => Promise.resolve());
    arrivals.add("app-1", 1, 5);
    observer.start(never);
    await observer.nextLook(never);
    const { tracks, failure, isGroundOfVerdict } = await observer.stop();
    expect({ failure, isGroundOfVerdict }).toEqual({ failure: null, isGroundOfVerdict: true });
    expect(tracks.map((track) => [track.id, track.kind === "series" && track.values.at(-1)])).toEqual([
      ["lines.written", 7],
      ["lines.readable", 1],
      ["queries.unanswered", false],
    ]);
    expect(observer.answeredAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it("records for how long the sink refused, and keeps what it answered until it answers again", async () => {
    let looks = 0;
    const second = Promise.withResolvers<void>();
    const { observer } = observerOf(() =>
      ++looks === 1
        ? Promise.reject(
            new ReadError({ code: "refused", sink: "victorialogs", status: 503, answer: "not ready" }),
          )
        : second.promise,
    );
    observer.start(never);
    await expect.poll(() => looks, { interval: 5 }).toBe(2);
    expect(observer.refusal).toMatchObject({ error: { status: 503 } });
    second.resolve();
    await observer.nextLook(never);
    expect(observer.refusal).toBeUndefined();
    const [refused] = await spansOf(observer);
    expect(refused).toMatchObject({ label: "503" });
    expect(refused!.toMs - refused!.fromMs).toBeGreaterThan(50);
  });

  it("aborts its request when it is paused, sends none until it is resumed, and counts neither as a refusal", async () => {
    let asked = 0;
    const { observer } = observerOf((signal) => {
      asked++;
      return asked === 1 ? hang(signal) : Promise.resolve();
    });
    observer.start(never);
    observer.pause();
    observer.pause();
    await observer.nextLook(never);
    expect(asked).toBe(1);
    observer.resume();
    await observer.nextLook(never);
    expect(asked).toBeGreaterThan(1);
    const spans = await spansOf(observer);
    expect(spans.map(({ label }) => label)).toEqual(["polling paused"]);
  });

  it("says why it failed where something other than the sink failed, and ends every wait for a look", async () => {
    const { observer } = observerOf(() => Promise.reject(new Error("out of memory")));
    observer.start(never);
    await observer.nextLook(never);
    expect(await observer.stop()).toMatchObject({ failure: "out of memory" });
  });

  it("ends a request that is under way when it is stopped", async () => {
    const { observer } = observerOf(hang);
    observer.start(never);
    expect(await observer.stop()).toMatchObject({ failure: null });
  });
});
