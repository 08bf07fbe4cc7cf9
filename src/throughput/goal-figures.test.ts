import { describe, expect, it } from "vitest";
import { lossyTrialOf, trialOf } from "../../test/support/trial.ts";
import { goalFigures } from "./goal-figures.ts";
import { namedGoals } from "./search/search-goal.ts";
import { trialSchema } from "./throughput-document.ts";

const short = namedGoals.short!;
const processors = {
  ofMachine: 2,
  busy: 0.97,
  diskWait: null,
  harness: 0.5,
  instances: { sink: 0.3, shipper: 1.1 },
};

describe("the figures of a goal", () => {
  it("count the lag as part of the time, and take the slowest trial at the lower bound", () => {
    const trials = [
      trialOf({ load: 900, durationSeconds: 5 }),
      trialOf({ load: 1_000, lagSeconds: 0 }),
      trialOf({ load: 1_000, lagSeconds: 2.5 }),
      lossyTrialOf({ load: 1_050 }),
    ];
    expect(goalFigures(short, trials)).toMatchObject({
      relevantLowerBound: 1_000,
      relevantUpperBound: 1_050,
      conditionalThroughput: 1_000,
      irregular: [],
      arrivalRate: 800,
      arrivalRatePerProcessor: 800,
      limits: [{ by: "lag", instance: "shipper", used: 0.6 }],
    });
  });

  it("say what was in the way of the upper bound, as the worst trial at it shows", () => {
    const refused = { rate_limited: 40 };
    const limitsOf = (differs: Parameters<typeof trialOf>[0]) =>
      goalFigures(short, [trialOf({ load: 10 }), lossyTrialOf(differs)]).limits;
    expect(limitsOf({ load: 11, refused })).toEqual([{ by: "refusals", refused }]);
    expect(limitsOf({ load: 11, writtenLate: 7 })).toEqual([{ by: "writer", writtenLate: 7 }]);
    expect(limitsOf({ load: 11, processors })).toEqual([
      { by: "machine", busy: 0.97, instance: "shipper", used: 1.1 },
    ]);
    const onDisk = { ...processors, busy: 0.2, diskWait: 0.6 };
    expect(limitsOf({ load: 11, processors: onDisk })).toEqual([{ by: "disk", diskWait: 0.6 }]);
    expect(limitsOf({ load: 11, refused, processors }).map(({ by }) => by)).toEqual(["refusals", "machine"]);
  });

  it("are missing where there is no bound", () => {
    expect(goalFigures(short, [lossyTrialOf({ load: 10 })])).toMatchObject({
      relevantLowerBound: null,
      arrivalRate: null,
      arrivalRatePerProcessor: null,
      irregular: ["no-lower-bound"],
    });
    expect(goalFigures(short, [trialOf({ load: 10 })])).toMatchObject({
      relevantUpperBound: null,
      limits: [],
      irregular: ["no-upper-bound"],
    });
  });
});

it("trials of tests have the shape of stored ones", () => {
  expect(trialSchema.parse(lossyTrialOf({ load: 10 }))).toEqual(lossyTrialOf({ load: 10 }));
});
