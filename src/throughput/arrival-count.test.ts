import { describe, expect, it } from "vitest";
import { ReadError } from "../base/read-error.ts";
import type { Ledger } from "../load/ledger.ts";
import { ArrivalCount } from "./arrival-count.ts";

const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "test",
  clock: { epochMs: 0, linesPerSecond: 500 },
  sources: [{ source: "app-1", written: 10, marks: [] }],
};
const never = Number.POSITIVE_INFINITY;
const unanswered = new ReadError({ code: "unanswered", sink: "memory", path: "/", message: "busy" });

/** A sink that counts one after another; the line that proves the path counts as well. */
function counting(...counts: (number | Error)[]) {
  return {
    countOf: async () => {
      const next = counts.length > 1 ? counts.shift()! : counts[0]!;
      if (typeof next !== "number") throw next;
      return next + ledger.sources.length;
    },
  };
}

describe("counting what arrives", () => {
  it("ends when every line is there, and notes when", async () => {
    const arrival = new ArrivalCount(counting(0, 4, 10), ledger, never);
    await arrival.follow(new AbortController().signal);
    expect(arrival.isComplete).toBe(true);
    expect(arrival.inTime).toBe(10);
    expect(Math.abs(arrival.completeAtMs! - Date.now())).toBeLessThan(5_000);
  });

  it("counts no line as in time after the deadline", async () => {
    const arrival = new ArrivalCount(counting(4, 10), ledger, Date.now() - 1);
    await arrival.follow(new AbortController().signal);
    expect(arrival.inTime).toBe(0);
    expect(arrival.isComplete).toBe(true);
  });

  it("asks again if the sink does not answer", async () => {
    const arrival = new ArrivalCount(counting(unanswered, 10), ledger, never);
    await arrival.follow(new AbortController().signal);
    expect(arrival.inTime).toBe(10);
  });

  it("ends when it is stopped, with what it has seen", async () => {
    const stopped = new AbortController();
    const arrival = new ArrivalCount(counting(7), ledger, never);
    const followed = arrival.follow(stopped.signal);
    await expect.poll(() => arrival.inTime).toBe(7);
    stopped.abort();
    await followed;
    expect(arrival.isComplete).toBe(false);
  });
});
