import { expect, it } from "vitest";
import type { RuleGroup } from "../products/prometheus/prometheus-answers.ts";
import { AlertHistory } from "./alert-history.ts";

type State = "pending" | "firing";

/** An answer about one rule, evaluated at a time. */
function answerAt(
  evaluatedAtMs: number,
  alerts: [instance: string, state: State, activeAtMs: number][],
): RuleGroup[] {
  return [
    {
      name: "group",
      file: "/etc/prometheus/rules/one.yaml",
      interval: 1,
      lastEvaluation: evaluatedAtMs,
      rules: [
        {
          name: "Down",
          labels: { severity: "critical" },
          duration: 2,
          health: "ok",
          lastError: "",
          lastEvaluation: evaluatedAtMs,
          alerts: alerts.map(([instance, state, activeAt]) => ({
            labels: { alertname: "Down", instance },
            state,
            activeAt,
          })),
        },
      ],
    },
  ];
}

function historyOf(...answers: RuleGroup[][]): AlertHistory {
  const history = new AlertHistory();
  for (const answer of answers) history.add(answer);
  return history;
}

it("names a rule by its file and its name, with its severity and its `for`", () => {
  expect(historyOf(answerAt(1_000, [])).rules).toEqual([
    { set: "one", alert: "Down", severity: "critical", forMs: 2_000 },
  ]);
});

it("has an alert from when its condition became true to the evaluation that no longer showed it", () => {
  const { activations } = historyOf(
    answerAt(1_000, [["a", "pending", 900]]),
    answerAt(2_000, [["a", "pending", 900]]),
    answerAt(3_000, [["a", "firing", 900]]),
    answerAt(4_000, [["a", "firing", 900]]),
    answerAt(5_000, []),
  );
  expect(activations).toMatchObject([{ activeAtMs: 900, firedAtMs: 3_000, endedAtMs: 5_000 }]);
});

it("keeps alerts of one rule apart by their labels, and one that comes back by its time", () => {
  const { activations } = historyOf(
    answerAt(1_000, [
      ["a", "firing", 1_000],
      ["b", "pending", 1_000],
    ]),
    answerAt(2_000, [["b", "pending", 1_000]]),
    answerAt(3_000, [["a", "firing", 3_000]]),
  );
  expect(
    activations.map(({ labels, firedAtMs, endedAtMs }) => [labels.instance, firedAtMs, endedAtMs]),
  ).toEqual([
    ["a", 1_000, 2_000],
    ["b", null, 3_000],
    ["a", 3_000, null],
  ]);
});

it("ends an alert that came back between two answers, as its time shows", () => {
  const { activations } = historyOf(
    answerAt(1_000, [["a", "firing", 1_000]]),
    answerAt(4_000, [["a", "firing", 3_000]]),
  );
  expect(activations).toMatchObject([
    { activeAtMs: 1_000, endedAtMs: 4_000 },
    { activeAtMs: 3_000, firedAtMs: 4_000, endedAtMs: null },
  ]);
});

it("tells when an open alert fires at the latest", () => {
  const { open } = historyOf(answerAt(1_000, [["a", "pending", 900]]));
  expect(open).toMatchObject([{ activation: { alert: "Down" }, firesAtMs: 2_900 }]);
});

it("keeps apart several rules of one name", () => {
  const twice = (ms: number, alerts: Parameters<typeof answerAt>[1]) => {
    const [group] = answerAt(ms, alerts);
    const other = answerAt(ms, [])[0]!.rules[0]!;
    return [{ ...group!, rules: [...group!.rules, other] }];
  };
  const history = historyOf(
    twice(1_000, [["a", "pending", 1_000]]),
    twice(2_000, [["a", "pending", 1_000]]),
    twice(3_000, [["a", "firing", 1_000]]),
  );
  expect(history.activations).toMatchObject([{ activeAtMs: 1_000, firedAtMs: 3_000, endedAtMs: null }]);
  expect(history.rules).toHaveLength(1);
  expect(history.tracks()).toMatchObject([{ spans: [{ label: "pending" }, { label: "firing" }] }]);
});

it("has one track for each rule that was active: firing if any of its alerts fires", () => {
  const history = historyOf(
    answerAt(1_000, []),
    answerAt(2_000, [["a", "pending", 2_000]]),
    answerAt(3_000, [
      ["b", "pending", 3_000],
      ["a", "firing", 2_000],
    ]),
    answerAt(4_000, [["b", "pending", 3_000]]),
    answerAt(5_000, []),
  );
  expect(history.tracks()).toMatchObject([
    {
      id: "alerts.one/Down",
      group: "Alerts",
      spans: [
        { fromMs: 2_000, toMs: 3_000, label: "pending" },
        { fromMs: 3_000, toMs: 4_000, label: "firing" },
        { fromMs: 4_000, toMs: 5_000, label: "pending" },
      ],
    },
  ]);
  expect(historyOf(answerAt(1_000, [])).tracks()).toEqual([]);
});

it("converts the times of a Prometheus whose clock is ahead", () => {
  const history = new AlertHistory(500);
  history.add(answerAt(3_000, [["a", "firing", 900]]));
  expect(history.activations).toMatchObject([{ activeAtMs: 400, firedAtMs: 2_500 }]);
});
