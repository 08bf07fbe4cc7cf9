import { describe, expect, it } from "vitest";
import { driftOf, type Series } from "./drift.ts";
import type { Quantity } from "./soak-document.ts";

const written = { linesPerSecond: 100, bytesPerLine: 200, isMachineAtItsEnd: false };
const bytesPerHour = 100 * 200 * 3_600;
const megabyte = 1e6;
const confidence = 0.99;

/** A series that grows evenly, with a little noise. */
function growing(quantity: Quantity, level: number, perHour: number, hours: number, noise = 0): Series {
  const count = 200;
  const samples = Array.from({ length: count }, (_, index) => ({
    at: (index / (count - 1)) * hours,
    value: level + (perHour * index * hours) / count + noise * Math.sin(index * 12.9898),
  }));
  return { quantity, instance: "store", samples };
}

const judged = (...of: Parameters<typeof growing>) => driftOf(growing(...of), written, confidence);

describe("memory", () => {
  it("leaks if it grows faster than lines were written, however short that was seen", () => {
    const drift = judged("memory", 50 * megabyte, 6 * bytesPerHour, 0.05, megabyte);
    expect(drift).toMatchObject({ finding: "leak", verdict: "broken", neededHours: null });
  });

  it("may hold lines until they are written out if it grows more slowly, and leaks if that goes on for longer", () => {
    const short = judged("memory", 50 * megabyte, bytesPerHour / 2, 1, megabyte);
    expect(short).toMatchObject({ finding: "may-hold-lines", verdict: "unknown", neededHours: 2.5 });
    expect(judged("memory", 50 * megabyte, bytesPerHour / 2, 3, megabyte)).toMatchObject({ finding: "leak" });
  });

  it("does not drift if it grows by less than its level in a day", () => {
    const drift = judged("memory", 50 * megabyte, megabyte, 3, megabyte / 100);
    expect(drift).toMatchObject({ finding: "no-drift", verdict: "holds" });
    expect(drift.lowPerHour).toBeGreaterThan(0);
  });

  it("is not known where the interval contains the bound, and tells how long would decide", () => {
    const drift = judged("memory", 50 * megabyte, 0, 0.05, 5 * megabyte);
    expect(drift).toMatchObject({ finding: "too-wide", verdict: "unknown" });
    expect(drift.neededHours).toBeGreaterThan(0.05);
  });
});

describe("open descriptors", () => {
  it("are whole, so that a short look at a constant number says little", () => {
    expect(judged("descriptors", 20, 0, 0.5)).toMatchObject({
      finding: "too-wide",
      lowPerHour: -2,
      highPerHour: 2,
    });
    expect(judged("descriptors", 20, 0, 2)).toMatchObject({ finding: "no-drift", verdict: "holds" });
  });

  it("do not leak because some more are opened in some minutes", () => {
    expect(judged("descriptors", 26, 80, 0.05)).toMatchObject({ finding: "too-wide", verdict: "unknown" });
  });

  it("leak if there are more and more", () => {
    expect(judged("descriptors", 20, 60, 0.5)).toMatchObject({ finding: "leak", verdict: "broken" });
  });
});

describe("disk space", () => {
  it("grows with the lines that are stored, and that is no leak", () => {
    const drift = judged("disk", 0, 2 * bytesPerHour, 0.5, megabyte / 10);
    expect(drift).toMatchObject({ finding: "no-drift", verdict: "holds" });
    expect(drift.bytesPerLine).toBeCloseTo(400, -1);
  });

  it("leaks if it grows by more than several copies of each line", () => {
    expect(judged("disk", 0, 5 * bytesPerHour, 0.5, megabyte / 10)).toMatchObject({ finding: "leak" });
  });
});

describe("lag and latency", () => {
  it("have to grow by two seconds while they are measured before a pipeline falls behind", () => {
    expect(judged("lag", 0.7, 10, 0.1, 0.01)).toMatchObject({ finding: "too-wide", verdict: "unknown" });
    expect(judged("lag", 0.7, 40, 0.1, 0.01)).toMatchObject({ finding: "falls-behind" });
  });

  it.each(["lag", "latency"] as const)("%s that rises is a pipeline that falls behind", (quantity) => {
    expect(judged(quantity, 1, 20, 0.5, 0.1)).toMatchObject({ finding: "falls-behind", verdict: "broken" });
    expect(judged(quantity, 1, 0, 0.5, 0.1)).toMatchObject({ finding: "no-drift", verdict: "holds" });
  });
});

it("blames no pipeline for lag on a machine that was at its end", () => {
  const rising = growing("lag", 1, 20, 0.5, 0.1);
  const drift = driftOf(rising, { ...written, isMachineAtItsEnd: true }, confidence);
  expect(drift).toMatchObject({ finding: "machine-at-its-end", verdict: "unknown" });
});

it("knows nothing of what was not measured, or of a minute", () => {
  const nothing = driftOf({ quantity: "disk", instance: "store", samples: [] }, written, confidence);
  expect(nothing).toMatchObject({ finding: "not-measured", verdict: "unknown", level: null });
  const few = growing("memory", 1, 1, 0.01).samples.slice(0, 30);
  const drift = driftOf({ quantity: "memory", instance: "store", samples: few }, written, confidence);
  expect(drift).toMatchObject({ finding: "too-few", verdict: "unknown" });
});
