import { ruleSetOf } from "../alerts/rule-set.ts";
import { type Activation, maxListedAlerts, type RecordedAlerts } from "../judge/recorded-alerts.ts";
import type { SpansTrack } from "../judge/track.ts";
import type { AlertRule, RuleGroup } from "../products/prometheus/prometheus-answers.ts";
import { SpanRecorder } from "./span-recorder.ts";

/** The maximum number of alerts that get a track: a timeline has room for no more. */
const maxTracks = 60;

/** The label whose value is the rule set of an alert. */
export const setLabel = "rule_set";

/** An alert that is active, the place of its rule in the file, and its `for`. */
interface Open {
  activation: Activation;
  place: string;
  forMs: number;
}

/** Makes of successive answers of Prometheus the history of each alert. Times are those of evaluations, on this machine's clock. */
export class AlertHistory {
  readonly #rules = new Map<string, RecordedAlerts["rules"][number]>();
  readonly #open = new Map<string, Open>();
  readonly #activations: Activation[] = [];
  readonly #spans = new Map<string, { title: string; recorder: SpanRecorder }>();
  readonly #clockOffsetMs: number;
  #omitted = 0;

  /** @param clockOffsetMs how far Prometheus' clock is ahead of this machine's */
  constructor(clockOffsetMs = 0) {
    this.#clockOffsetMs = clockOffsetMs;
  }

  /** @param groups an answer, which must not be older than those before */
  add(groups: readonly RuleGroup[]): void {
    // Several rules may have one name.
    for (const group of groups)
      for (const [index, rule] of group.rules.entries())
        this.#addRule(ruleSetOf(group.file), `${group.file} ${group.name} ${index}`, rule);
    const named = groups.flatMap((group) =>
      group.rules.map((rule) => ({ name: `${ruleSetOf(group.file)}/${rule.name}`, rule })),
    );
    for (const [name, rules] of Map.groupBy(named, ({ name }) => name))
      this.#noteSpan(
        name,
        rules.map(({ rule }) => rule),
      );
  }

  get rules(): RecordedAlerts["rules"] {
    return [...this.#rules.values()];
  }

  get activations(): Activation[] {
    return this.#activations;
  }

  /** How many further activations there were. */
  get omitted(): number {
    return this.#omitted;
  }

  /** The alerts that are pending or firing. */
  get open(): { activation: Activation; firesAtMs: number }[] {
    return [...this.#open.values()].map(({ activation, forMs }) => ({
      activation,
      firesAtMs: activation.activeAtMs + forMs,
    }));
  }

  /** When each alert was pending or firing, in the order in which they first were. */
  tracks(): SpansTrack[] {
    return [...this.#spans].slice(0, maxTracks).map(([name, { title, recorder }]) => ({
      kind: "spans",
      id: `alerts.${name}`,
      title,
      group: "Alerts",
      ...recorder.end(),
    }));
  }

  #addRule(set: string, place: string, rule: AlertRule): void {
    const { name: alert, labels, duration } = rule;
    const evaluatedAtMs = rule.lastEvaluation - this.#clockOffsetMs;
    const forMs = duration * 1_000;
    const ruleName = `${set}/${alert}`;
    if (!this.#rules.has(ruleName))
      this.#rules.set(ruleName, { set, alert, severity: labels.severity ?? null, forMs });
    const seen = new Set<string>();
    for (const active of rule.alerts) {
      const key = JSON.stringify([place, active.activeAt, Object.entries(active.labels).sort()]);
      seen.add(key);
      const { activation } =
        this.#open.get(key) ??
        this.#begin(
          key,
          { place, forMs },
          {
            set,
            alert,
            labels: active.labels,
            activeAtMs: active.activeAt - this.#clockOffsetMs,
            firedAtMs: null,
            endedAtMs: null,
          },
        );
      if (active.state === "firing") activation.firedAtMs ??= Math.max(evaluatedAtMs, activation.activeAtMs);
    }
    for (const [key, { activation, place: at }] of this.#open) {
      if (at !== place || seen.has(key)) continue;
      activation.endedAtMs = Math.max(evaluatedAtMs, activation.firedAtMs ?? activation.activeAtMs);
      this.#open.delete(key);
    }
  }

  #begin(key: string, rule: Pick<Open, "place" | "forMs">, activation: Activation): Open {
    const open = { activation, ...rule };
    this.#open.set(key, open);
    if (this.#activations.length < maxListedAlerts) this.#activations.push(activation);
    else this.#omitted++;
    return open;
  }

  #noteSpan(ruleName: string, rules: readonly AlertRule[]): void {
    const states = rules.flatMap(({ alerts }) => alerts.map(({ state }) => state));
    const state = states.includes("firing") ? "firing" : states[0];
    const known = this.#spans.get(ruleName);
    if (known === undefined && state === undefined) return;
    const { recorder } = known ?? { recorder: new SpanRecorder() };
    if (known === undefined) this.#spans.set(ruleName, { title: ruleName, recorder });
    const evaluatedAtMs = Math.max(...rules.map(({ lastEvaluation }) => lastEvaluation));
    recorder.note(evaluatedAtMs - this.#clockOffsetMs, state);
  }
}
