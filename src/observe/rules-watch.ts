import { ruleSetOf } from "../alerts/rule-set.ts";
import type { RuleGroup } from "../products/prometheus/prometheus-answers.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import { AlertHistory } from "./alert-history.ts";
import type { BlindSpots } from "./blind-spots.ts";
import type { WatchedInstance } from "./watched-instance.ts";

/** A rule that was not evaluated for so many of its intervals is not watched. */
const patientIntervals = 3;

/** Follows the alert rules of a Prometheus, and notes which were not loaded, failed, or were not evaluated. */
export class RulesWatch {
  readonly history: AlertHistory;
  readonly #prometheus: WatchedInstance;
  readonly #ruleSets: readonly string[];
  readonly #blindSpots: BlindSpots;
  #groups: RuleGroup[] = [];
  #hasAnswered = false;

  /** @param ruleSets the sets that Prometheus is to load */
  constructor(prometheus: WatchedInstance, ruleSets: readonly string[], blindSpots: BlindSpots) {
    this.#prometheus = prometheus;
    this.#ruleSets = ruleSets;
    this.#blindSpots = blindSpots;
    this.history = new AlertHistory(prometheus.clockOffsetMs);
  }

  /** Whether every rule of every set was evaluated at least once. */
  get haveAllBeenEvaluated(): boolean {
    return (
      this.#hasAnswered &&
      this.#ruleSets.every((set) => this.#groups.some((group) => ruleSetOf(group.file) === set)) &&
      this.#groups.every(({ rules }) => rules.every(({ lastEvaluation }) => lastEvaluation > 0))
    );
  }

  /** The shortest time between two evaluations of a rule; undefined if none is known. */
  get evaluationMs(): number | undefined {
    const intervals = this.#groups.map(({ interval }) => interval * 1_000);
    return intervals.length === 0 ? undefined : Math.min(...intervals);
  }

  async look(signal: AbortSignal): Promise<void> {
    const askedAtMs = Date.now();
    await this.#prometheus.ask(async (url) => {
      this.#groups = await new PrometheusApi(url).ruleGroups(signal);
      this.#hasAnswered = true;
      this.history.add(this.#groups);
      this.#checkSets(askedAtMs);
      for (const group of this.#groups) this.#checkGroup(group, askedAtMs);
    }, signal);
  }

  #checkSets(atMs: number): void {
    const loaded = new Set(this.#groups.map(({ file }) => ruleSetOf(file)));
    for (const set of this.#ruleSets) {
      const subject = { what: "set", set, name: null } as const;
      if (loaded.has(set)) this.#blindSpots.well(atMs, subject);
      else this.#blindSpots.trouble(atMs, { ...subject, problem: { code: "not-loaded" } });
    }
  }

  #checkGroup(group: RuleGroup, atMs: number): void {
    const set = ruleSetOf(group.file);
    const subject = { what: "group", set, name: group.name } as const;
    const intervalMs = group.interval * 1_000;
    const evaluatedAtMs = group.lastEvaluation - this.#prometheus.clockOffsetMs;
    if (atMs - evaluatedAtMs <= patientIntervals * intervalMs) this.#blindSpots.well(evaluatedAtMs, subject);
    else this.#blindSpots.trouble(atMs, { ...subject, problem: { code: "not-evaluated", intervalMs } });
    for (const { name, health, lastError } of group.rules) {
      const rule = { what: "rule", set, name } as const;
      const problem = { code: "evaluation-failed", message: lastError } as const;
      if (health === "err") this.#blindSpots.trouble(atMs, { ...rule, problem });
      else this.#blindSpots.well(atMs, rule);
    }
  }
}
