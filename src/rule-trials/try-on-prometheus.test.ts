import { expect, it } from "vitest";
import { UsageError } from "../base/errors.ts";
import { nothingObserved } from "../judge/recorded-alerts.ts";
import { setsToTry } from "./rules-to-try.ts";
import type { RunToTry } from "./run-to-try.ts";
import { timesToTry } from "./try-on-prometheus.ts";

const text = `groups:
  - name: a
    rules:
      - { alert: Patient, expr: up == 0, for: 5m, keep_firing_for: 1m }
      - { alert: Quick, expr: up == 0 }
`;
const sets = setsToTry([{ file: "mine.yaml", set: "mine", text }], 1, 30_000);
const intervals = { scrapeMs: 15_000, evaluationMs: 30_000 };
/** What the longest rule needs before it has settled, and what shows late. */
const longestMs = 300_000 + 60_000 + 2 * 30_000;
const shownMs = 15_000 + 30_000;

const run: Pick<RunToTry, "runId" | "ledger" | "faults" | "recorded"> = {
  runId: "one",
  ledger: {
    schema: "everyline/ledger@1",
    seed: "seed",
    clock: { epochMs: 0, linesPerSecond: 1 },
    sources: [
      {
        source: "a",
        written: 2,
        marks: [
          [1, 1_000_000],
          [2, 1_060_000],
        ],
      },
      { source: "b", written: 1, marks: [[1, 990_000]] },
    ],
  },
  faults: [],
  recorded: null,
};

it("looks from the first line to the last moment at which a rule may fire, and before that until it has settled", () => {
  const lastMs = 1_060_000 + shownMs + longestMs;
  expect(timesToTry(run, sets, intervals, 9_000_000)).toEqual({
    watched: { fromMs: 990_000, toMs: lastMs },
    span: { fromMs: 990_000 - longestMs, toMs: lastMs },
    isOpenEnded: false,
  });
});

it("looks no further than to now, and knows that a rule may fire later", () => {
  expect(timesToTry(run, sets, intervals, 1_100_000)).toMatchObject({
    watched: { toMs: 1_100_000 },
    span: { toMs: 1_100_000 },
    isOpenEnded: true,
  });
});

it("counts a fault that ends after the lines, and what the run watched itself", () => {
  const fault = {
    ...{ kind: "kill", target: "sink", effective: true, evidence: [], held: null, shipperGivesUp: null },
    startedAt: new Date(1_010_000).toISOString(),
    endedAt: new Date(1_500_000).toISOString(),
  };
  const broken = timesToTry({ ...run, faults: [fault] }, sets, intervals, 9_000_000);
  expect(broken.watched).toEqual({ fromMs: 990_000, toMs: 1_500_000 + shownMs + longestMs });
  const recorded = { ...nothingObserved, watched: { fromMs: 995_000, toMs: 1_600_000 } };
  const watching = timesToTry({ ...run, faults: [fault], recorded }, sets, intervals, 9_000_000);
  expect(watching.watched).toEqual({ fromMs: 995_000, toMs: 1_600_000 + shownMs + longestMs });
});

it("refuses a run that wrote nothing, because it has no time", () => {
  const nothing = { ...run, ledger: { ...run.ledger, sources: [] } };
  expect(() => timesToTry(nothing, sets, intervals, 0)).toThrow(UsageError);
  expect(() => timesToTry(nothing, sets, intervals, 0)).toThrow(
    /one wrote none, .* Name another: --run RUN\./,
  );
});
