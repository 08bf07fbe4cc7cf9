import { describe, expect, it } from "vitest";
import type { Counts } from "../judge/counts.ts";
import type { Drift, SoakDocument } from "./soak-document.ts";
import { amount, describeHours, findingText, soakSentence } from "./soak-words.ts";

const drift: Drift = {
  ...{ quantity: "memory", instance: "store", samples: 200, level: 5e7, slopePerHour: 1e6, lowPerHour: 9e5 },
  ...{ highPerHour: 1.1e6, boundPerHour: 2e6, bytesPerLine: null, finding: "no-drift", verdict: "holds" },
  neededHours: null,
};
const leak: Drift = { ...drift, finding: "leak", verdict: "broken" };
const wide: Drift = {
  ...drift,
  instance: null,
  quantity: "lag",
  finding: "too-wide",
  verdict: "unknown",
  neededHours: 3,
};

function sentence(of: Partial<SoakDocument>, lost = 0): string {
  const counts = { written: 1_000, lost, duplicated: 0 } as Counts;
  return soakSentence({
    verdict: "holds",
    linesVerdict: "holds",
    measuredHours: 8,
    counts,
    ...of,
  } as SoakDocument);
}

describe("the words about a soak", () => {
  it("name what decides, and nothing else", () => {
    expect(sentence({ drifts: [drift] })).toBe(
      "holds: of 1,000 lines, 0 were lost and 0 duplicated (holds); nothing drifted in 8 h",
    );
    expect(sentence({ verdict: "broken", drifts: [drift, leak, wide] })).toBe(
      "broken: of 1,000 lines, 0 were lost and 0 duplicated (holds); in 8 h, memory of store: " +
        "leak: grows by more than the bound, and lines do not explain it",
    );
    expect(sentence({ verdict: "broken", linesVerdict: "broken", drifts: [drift, wide] }, 3)).toBe(
      "broken: of 1,000 lines, 3 were lost and 0 duplicated (broken)",
    );
  });

  it("say how long would decide", () => {
    expect(findingText(wide)).toBe("the interval is too wide to decide; about 3 h would decide");
    expect([0.05, 0.5, 2.5, 24].map(describeHours)).toEqual(["3.0 min", "30 min", "2.5 h", "24 h"]);
  });

  it("give each quantity in its unit, also where it shrinks", () => {
    expect(amount("memory", -2.5e6)).toBe("-2.5 MB");
    expect(amount("descriptors", 16)).toBe("16.0");
    expect(amount("lag", -0.25)).toBe("-250 ms");
    expect(amount("disk", null)).toBe("-");
  });
});
