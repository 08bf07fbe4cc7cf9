import { describe, expect, it } from "vitest";
import { breachesOf, breachKinds } from "./breaches.ts";
import { anomalyKinds, type Counts } from "./counts.ts";

const all = Object.fromEntries([...anomalyKinds, "written", "delivered"].map((kind) => [kind, 1])) as Counts;
const breaches = (...allowed: string[]) => breachesOf(all, new Set(allowed));
const allBut = (...kinds: string[]) => breachKinds.filter((kind) => !kinds.includes(kind));

describe("breachesOf", () => {
  it("finds every anomaly but order and lateness", () => {
    expect(breaches()).toEqual(["lost", "duplicated", "corrupted", "truncated", "merged", "unexpected"]);
  });

  it("finds nothing where nothing happened", () => {
    const none = Object.fromEntries(Object.keys(all).map((kind) => [kind, 0])) as Counts;
    expect(breachesOf({ ...none, written: 5, delivered: 5, reordered: 3, late: 2 }, new Set())).toEqual([]);
  });

  it("leaves out what is allowed", () => {
    for (const kind of allBut("corrupted")) expect(breaches(kind)).toEqual(allBut(kind));
    expect(breaches("lost", "unexpected", "reordered")).toEqual(allBut("lost", "unexpected"));
  });

  it("counts truncated and merged lines as corrupted", () => {
    expect(breaches("corrupted")).toEqual(allBut("corrupted", "truncated", "merged"));
  });
});
