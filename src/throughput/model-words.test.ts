import { expect, it } from "vitest";
import type { ProcessorModel } from "./model-document.ts";
import { modelSentences } from "./model-words.ts";

const heldOut = { trials: 3, largestError: 0.081, medianError: 0.032, errorBound: 0.2 };
const line = {
  highestRate: 28_000,
  fixedProcessors: { value: 0.12, least: -0.02, most: 0.26 },
  secondsPerMillionLines: { value: 89.7, least: 75.2, most: 104.2 },
  claimed: { linesPerSecond: 500_000, processors: { value: 45, least: 38.04, most: 52.1 } },
};
const model: ProcessorModel = { why: "foretold", trials: 6, heldOut, line };

it("tells how many processors the claimed rate would need, and that nobody has tried it", () => {
  expect(modelSentences({ model })).toEqual([
    "by the model, 500,000 lines/s need 38.0 to 52.1 processors like these, if each line costs there what it costs up to 28,000 lines/s; nobody has tried",
    "fixed part 0.12 (-0.02 to 0.26) processors; a million lines cost 89.7 (75.2 to 104.2) processor seconds",
    "the line through the lower rates was at most 8 % from the 3 trials of higher rates, and 3 % in the median",
  ]);
});

it("does not say so of a rate that was tried, or of no claim", () => {
  const tried = { ...line, highestRate: 500_000 };
  expect(modelSentences({ model: { ...model, line: tried } })[0]).toMatch(/processors like these$/);
  expect(modelSentences({ model: { ...model, line: { ...line, claimed: null } } })).toHaveLength(2);
});

it("tells why there is no model", () => {
  const refused = { ...model, line: null };
  expect(modelSentences({ model: { ...refused, why: "not-foretold" } })).toEqual([
    expect.stringMatching(/^no model of the processors: .* more than the 20 % that are allowed$/),
  ]);
  expect(modelSentences({ model: { ...refused, why: "too-few-trials", heldOut: null, trials: 2 } })).toEqual([
    expect.stringMatching(/^no model of the processors, by 2 trials: too few trials/),
  ]);
  expect(modelSentences({})).toEqual([]);
});
