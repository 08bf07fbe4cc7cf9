import { describe, expect, it } from "vitest";
import { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import type { FaultRecord } from "./fault-record.ts";
import { linesWrittenDuring } from "./judged-faults.ts";
import { observationFor } from "./observation.ts";
import {
  disturbedSeconds,
  measureLatencies,
  outageSeconds,
  recoverySeconds,
  secondsAfter,
  unseenDuring,
} from "./timing.ts";

const epochMs = Date.UTC(2026, 0, 1);

/** Ten lines, one each second; line n was written at second n. */
const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock: { epochMs, linesPerSecond: 1 },
  sources: [
    {
      source: "a",
      written: 10,
      marks: Array.from({ length: 11 }, (_, line): [number, number] => [line, epochMs + line * 1_000]),
    },
  ],
};

function iso(second: number): string {
  return new Date(epochMs + second * 1_000).toISOString();
}

function fault(fromSecond: number, toSecond: number): FaultRecord {
  const [startedAt, endedAt] = [iso(fromSecond), iso(toSecond)];
  return { kind: "stop", target: "sink", startedAt, endedAt, effective: true, evidence: [] };
}

/** Line n arrives at the second that `secondOf` tells, or never. */
function arrivals(secondOf: (line: number) => number | undefined): Arrivals {
  const seen = new Arrivals(epochMs, new Map([["a", 10]]));
  for (let line = 1; line <= 10; line++) {
    const second = secondOf(line);
    if (second !== undefined) seen.add("a", line, epochMs + second * 1_000);
  }
  return seen;
}

describe("measureLatencies", () => {
  it("measures from the return of the write to the first look that held the line, and counts late lines", () => {
    const { latencyMs, late } = measureLatencies(
      ledger,
      arrivals((line) => line + (line === 7 ? 5 : 1)),
      3,
    );
    expect(latencyMs).toMatchObject({ p50: 1_000 });
    expect(latencyMs!.max).toBeGreaterThanOrEqual(4_990);
    expect(late).toBe(1);
  });

  it("measures nothing where nothing arrived", () => {
    expect(
      measureLatencies(
        ledger,
        arrivals(() => undefined),
        3,
      ),
    ).toEqual({ latencyMs: null, late: 0 });
  });
});

describe("unseenDuring", () => {
  it("counts the lines of the faults that came back without having been seen to arrive", () => {
    const observation = observationFor(ledger);
    for (const line of [2, 3, 4, 6]) observation.add(observation.codec.encode("a", line));
    const seen = arrivals((line) => (line === 3 ? 8 : undefined));
    // Lines 3 to 6 were written during the fault: 3 was seen, 5 was lost.
    expect(unseenDuring({ ledger, arrivals: seen, faults: [fault(2, 6)], observation })).toBe(2);
    expect(unseenDuring({ ledger, arrivals: seen, faults: [fault(2, 2)], observation })).toBe(0);
  });
});

describe("secondsAfter", () => {
  it("counts from the end of the last fault that lasted", () => {
    const faults = [fault(2, 6), fault(3, 4), fault(9, 9)];
    expect(secondsAfter(faults, Date.parse(fault(2, 6).endedAt) + 1_500)).toBe(1.5);
    expect(secondsAfter(faults, Date.parse(fault(2, 6).endedAt) - 1_500)).toBe(0);
  });
});

describe("recoverySeconds", () => {
  it("ends with the last line that was written under the fault, whatever comes later", () => {
    const seen = arrivals((line) => (line > 2 && line <= 5 ? 8 : line === 10 ? 60 : line));
    expect(recoverySeconds(ledger, seen, [fault(2, 6)])).toBe(2);
  });

  it("is 0 for a fault that delayed no line, and null where none of its lines arrived or there was no fault", () => {
    expect(
      recoverySeconds(
        ledger,
        arrivals((line) => line),
        [fault(2, 6)],
      ),
    ).toBe(0);
    expect(
      recoverySeconds(
        ledger,
        arrivals(() => undefined),
        [fault(2, 6)],
      ),
    ).toBeNull();
    expect(
      recoverySeconds(
        ledger,
        arrivals((line) => line),
        [],
      ),
    ).toBeNull();
  });
});

describe("outageSeconds", () => {
  it("counts overlapping faults once, and faults that take no time not at all", () => {
    expect(outageSeconds([fault(5, 8), fault(1, 3), fault(2, 4), fault(9, 9)])).toBe(6);
    expect(outageSeconds([])).toBe(0);
  });
});

describe("linesWrittenDuring", () => {
  it("counts lines whose write certainly fell into the fault", () => {
    expect(linesWrittenDuring(fault(2.5, 6.5), ledger)).toBe(3);
    expect(linesWrittenDuring(fault(20, 30), ledger)).toBe(0);
  });
});

describe("disturbedSeconds", () => {
  const at = (second: number) => epochMs + second * 1_000;

  it("lasts from when a stop was asked for until what was stopped works again", () => {
    expect(disturbedSeconds([{ ...fault(10, 11), askedAt: iso(0) }], at(26))).toBe(26);
    expect(disturbedSeconds([fault(10, 11)], at(26))).toBe(16);
  });

  it("counts overlaps once, and only the last fault until all works again", () => {
    const faults = [{ ...fault(2, 4), askedAt: iso(1) }, fault(3, 5), fault(8, 9)];
    expect(disturbedSeconds(faults, at(10))).toBe(4 + 2);
  });

  it("is not lengthened by a fault that takes no time", () => {
    expect(disturbedSeconds([{ ...fault(5, 5), askedAt: iso(1) }], at(9))).toBe(0);
    expect(disturbedSeconds([], at(9))).toBe(0);
  });
});
