import { expect, it } from "vitest";
import { describeFaultEvidence } from "./evidence-words.ts";

const fault = {
  kind: "stop",
  target: "sink",
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: "2026-01-02T03:04:20.100Z",
  effective: true,
  evidence: [
    { code: "told", text: "pid 12 ended with exit code 0" },
    { code: "told", text: "it is back" },
  ],
  held: null,
  shipperGivesUp: null,
};

it("says what was seen of a fault, how long it held, and what that has to be compared with", () => {
  const told = "pid 12 ended with exit code 0; it is back";
  expect(describeFaultEvidence(fault)).toBe(told);
  const held = { seconds: 15.1, lines: 690 };
  const figures = `${told}; held 15.10 s, 690 lines written meanwhile`;
  expect(describeFaultEvidence({ ...fault, held })).toBe(figures);
  expect(describeFaultEvidence({ ...fault, held, shipperGivesUp: "never" })).toBe(
    `${figures}; by its configuration the shipper never gives up`,
  );
  const shipperGivesUp = { earliestMs: 255_500, latestMs: 611_000 };
  expect(describeFaultEvidence({ ...fault, held, shipperGivesUp })).toBe(
    `${figures}; by its configuration the shipper gives up after 255.5 to 611.0 s`,
  );
});
