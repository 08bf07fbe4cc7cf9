import { describe, expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { type LossEvidence, lossMoment } from "./loss-moment.ts";

const ledger: Ledger = {
  schema: "everyline/ledger@1",
  seed: "seed",
  clock: { epochMs: 0, linesPerSecond: 1 },
  sources: [
    {
      source: "a",
      written: 10,
      marks: [
        [0, 1_000],
        [5, 2_000],
        [10, 3_000],
      ],
    },
  ],
};

function momentOf(changes: Partial<LossEvidence>) {
  return lossMoment({ lost: [], ledger, signals: [], faultMs: undefined, ...changes });
}

const lostAt = (hop: string, from: number, reason?: string) => ({
  source: "a",
  from,
  to: from,
  hop,
  ...(reason !== undefined && { reason }),
});
const dropped = { basis: "shipper-dropped", notBeforeMs: 7_000, seenAtMs: 7_500 } as const;

describe("the moment of a loss", () => {
  it("is none where nothing was lost", () => {
    expect(momentOf({ signals: [dropped], faultMs: 1_500 })).toBeUndefined();
  });

  it("is that of the write, by the mark before it, and not before the first fault", () => {
    expect(momentOf({ lost: [lostAt("unknown", 6)] })).toEqual({ atMs: 2_000, basis: "written" });
    expect(momentOf({ lost: [lostAt("unknown", 6)], faultMs: 1_500 })).toMatchObject({ atMs: 2_000 });
    expect(momentOf({ lost: [lostAt("unknown", 6)], faultMs: 2_700 })).toMatchObject({ atMs: 2_700 });
  });

  it("is the last time at which the shipper had not dropped anything, for a line that it dropped", () => {
    const lost = [lostAt("shipper", 1)];
    expect(momentOf({ lost, signals: [dropped] })).toEqual({ atMs: 7_000, basis: "shipper-dropped" });
    expect(momentOf({ lost })).toMatchObject({ basis: "written" });
  });

  it("is not before the line was written, whatever was counted earlier", () => {
    const early = { ...dropped, notBeforeMs: 500 };
    expect(momentOf({ lost: [lostAt("shipper", 6)], signals: [early] })).toMatchObject({ atMs: 2_000 });
  });

  it.each([
    ["kafka", "deleted by Kafka's retention", "kafka-deleted"],
    ["consumer", "dead-lettered: too old", "dead-lettered"],
    ["sink", "acknowledged, though refused: too old", "sink-refused"],
  ] as const)("is that of the count of %s, where it says so itself", (hop, reason, basis) => {
    const signals = [{ basis, notBeforeMs: 4_000, seenAtMs: 5_000 }];
    expect(momentOf({ lost: [lostAt(hop, 1, reason)], signals })).toEqual({ atMs: 4_000, basis });
    expect(momentOf({ lost: [lostAt(hop, 1)], signals })).toMatchObject({ basis: "written" });
  });

  it("is the first of several", () => {
    const lost = [lostAt("shipper", 1), lostAt("unknown", 6)];
    expect(momentOf({ lost, signals: [dropped], faultMs: 2_500 })).toEqual({ atMs: 2_500, basis: "written" });
  });
});
