import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runWith } from "../../test/support/reported-run.ts";
import type { JudgedFault } from "../judge/fault-record.ts";
import type { Ledger } from "../load/ledger.ts";
import { measuredFault, outcomeOfRun } from "./measure-run.ts";

const startMs = Date.UTC(2026, 0, 2);
const at = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();

/** A fault that was asked for at 9 s, held from 10 s and began to heal at 20 s. */
const fault: JudgedFault = {
  ...{ kind: "stop", target: "sink", askedAt: at(9), startedAt: at(10), endedAt: at(20) },
  ...{ effective: true, evidence: [], held: { seconds: 10, lines: 100 }, shipperGivesUp: null },
};

/** One source that writes a line a second, each marked. */
const ledger: Ledger = {
  ...{ schema: "everyline/ledger@1", seed: "s" },
  clock: { epochMs: startMs, linesPerSecond: 1 },
  sources: [
    {
      ...{ source: "app-1", written: 30 },
      marks: Array.from({ length: 31 }, (_, sequence) => [sequence, startMs + sequence * 1_000]),
    },
  ],
};

/** Each line is seen half a second after it was written, or when the sink is back. */
const arriving = (backAtSeconds: number | null) => ({
  atMs: (_: string, sequence: number) => {
    if (sequence < 10) return startMs + sequence * 1_000 + 500;
    return backAtSeconds === null ? undefined : startMs + Math.max(backAtSeconds, sequence + 0.5) * 1_000;
  },
});

const planned = (timeScale: number) => ({ ...runWith({}).plan, timeScale });
const { timings } = runWith({});

describe("the outage that a run stands for", () => {
  it("lasted at least while the fault certainly held, and at most until a line of it arrived", () => {
    const run = { faults: [fault], timeLapse: null, timings, plan: planned(0.1) };
    expect(measuredFault(run, ledger, arriving(25)).outage).toEqual({
      atLeastSeconds: 100,
      atMostSeconds: 160,
    });
    expect(measuredFault(run, ledger, arriving(null)).outage).toEqual({
      atLeastSeconds: 100,
      atMostSeconds: null,
    });
  });

  it("is as long as the times of its lines say, and the waiting comes on top", () => {
    const timeLapse = { outageSeconds: 86_400, heldSeconds: 10, agesKafka: true };
    const run = { faults: [fault], timeLapse, timings, plan: planned(1) };
    expect(measuredFault(run, ledger, arriving(25)).outage).toEqual({
      atLeastSeconds: 86_400,
      atMostSeconds: 86_416,
    });
  });

  it("is not known if only lines aged, and no queue that keeps them", () => {
    const timeLapse = { outageSeconds: 86_400, heldSeconds: 10, agesKafka: false };
    const run = { faults: [fault], timeLapse, timings, plan: planned(1) };
    expect(measuredFault(run, ledger, arriving(25)).outage).toBeNull();
  });

  it("is not known if no fault held", () => {
    const run = { timeLapse: null, timings, plan: planned(1) };
    expect(measuredFault({ ...run, faults: [] }, ledger, arriving(25)).outage).toBeNull();
    expect(
      measuredFault({ ...run, faults: [{ ...fault, held: null }] }, ledger, arriving(25)).outage,
    ).toBeNull();
  });
});

describe("the backlog that a fault leaves", () => {
  it("is what was certainly written when it began to heal, and not seen to arrive", () => {
    const run = { faults: [fault], timeLapse: null, timings, plan: planned(1) };
    const lines = { lines: 11, recoverySeconds: timings.recoverySeconds };
    expect(measuredFault(run, ledger, arriving(25)).backlog).toEqual({ ...lines, waitSeconds: 5 });
    expect(measuredFault(run, ledger, arriving(null)).backlog).toEqual({ ...lines, waitSeconds: null });
  });

  it("is never more than was written, nor less than what never arrived, whatever arrives when", () => {
    const arrivals = fc.array(fc.option(fc.integer({ min: 0, max: 60_000 })), {
      minLength: 30,
      maxLength: 30,
    });
    fc.assert(
      fc.property(arrivals, (offsets) => {
        const atMs = (_: string, sequence: number) => {
          const offset = offsets[sequence - 1];
          return offset === null || offset === undefined ? undefined : startMs + offset;
        };
        const run = { faults: [fault], timeLapse: null, timings, plan: planned(1) };
        const { backlog, outage } = measuredFault(run, ledger, { atMs });
        const slow = offsets.filter(
          (offset, index) => index + 1 <= 20 && (offset === null || offset > 20_000),
        );
        expect(backlog!.lines).toBe(slow.length);
        const after = offsets.filter((offset, index) => index >= 10 && offset !== null && offset > 20_000);
        const first = after.length === 0 ? null : Math.min(...(after as number[]));
        expect(outage!.atMostSeconds).toBe(first === null ? null : (first - 9_000) / 1_000);
      }),
    );
  });
});

describe("what a run says of a length", () => {
  const counts = { ...runWith({}).counts };
  const lost = { ...counts, lost: 5, delivered: counts.written - 5 };
  const loss = [{ code: "lost" as const, lines: 5, written: counts.written, most: 0 }];
  const run = (changes: Parameters<typeof runWith>[0]) =>
    outcomeOfRun(runWith({ faults: [fault], ...changes }));

  it("is that nothing was lost only if the run holds", () => {
    expect(run({ verdict: "holds" })).toBe("held");
    expect(run({ verdict: "unknown" })).toBe("unknown");
    const corrupted = [{ code: "damaged" as const, damage: "corrupted" as const, lines: 1 }];
    expect(run({ verdict: "broken", reasons: corrupted })).toBe("unknown");
  });

  it("is that lines were lost only if the run is certain of it", () => {
    expect(run({ verdict: "broken", counts: lost, reasons: loss })).toBe("lost");
    expect(run({ verdict: "unknown", counts: lost })).toBe("unknown");
  });

  it("is that lines were lost, too, where the claim allows it", () => {
    expect(run({ verdict: "holds", counts: lost })).toBe("lost");
  });

  it("is nothing if its fault was not proven", () => {
    expect(run({ verdict: "holds", faults: [] })).toBe("unknown");
    const unproven = [{ ...fault, effective: false }];
    expect(run({ verdict: "broken", counts: lost, reasons: loss, faults: unproven })).toBe("unknown");
  });
});
