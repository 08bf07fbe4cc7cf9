import { messageOf } from "../base/errors.ts";
import type { LossSignal, RecordedAlerts } from "../judge/recorded-alerts.ts";
import type { Observed } from "../judge/track.ts";
import type { MonitoringInstances } from "../places/place.ts";
import type { AlertHistory } from "./alert-history.ts";
import { BlindSpots } from "./blind-spots.ts";
import { countedLosses } from "./counted-losses.ts";
import { DeliveriesWatch } from "./deliveries-watch.ts";
import type { Observer } from "./observer.ts";
import { Repetition } from "./repetition.ts";
import { RulesWatch } from "./rules-watch.ts";
import { ShownFaults } from "./shown-faults.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** Rules are looked at twice for each evaluation, within these bounds. */
const shortestRoundMs = 250;
const longestRoundMs = 1_000;

/** What the observer needs to know of a run. */
export interface AlertsOptions {
  monitoring: MonitoringInstances;
  /** The sets that Prometheus is to load. */
  ruleSets: readonly string[];
  /** The last lines of a log that say most. */
  lastWords: (log: string) => string;
}

/**
 * Records which alerts are pending, firing and delivered, and when nobody looked. Its failures are part of what it records: they leave open
 * whether an alert fired, and say nothing about the lines.
 */
export class AlertsObserver implements Observer {
  /** Shown to Prometheus, for dashboards. */
  readonly faults: ShownFaults;
  readonly #startedAtMs = Date.now();
  readonly #blindSpots = new BlindSpots(this.#startedAtMs);
  readonly #prometheus: WatchedInstance;
  readonly #rules: RulesWatch;
  readonly #deliveries: DeliveriesWatch;
  readonly #rounds = new Repetition(
    (signal) => this.#round(signal),
    (tookMs) => Math.max(0, this.#roundMs - tookMs),
  );
  #fromMs: number | undefined;
  #toMs = this.#startedAtMs;
  #lossSignals: LossSignal[] = [];

  constructor({ monitoring, ruleSets, lastWords }: AlertsOptions) {
    const { prometheus, alertmanager, receiver } = monitoring;
    const shared = { blindSpots: this.#blindSpots, lastWords };
    this.#prometheus = new WatchedInstance("prometheus", prometheus, shared);
    this.#rules = new RulesWatch(this.#prometheus, ruleSets, this.#blindSpots);
    this.#deliveries = new DeliveriesWatch(
      new WatchedInstance("alertmanager", alertmanager, shared),
      new WatchedInstance("receiver", receiver, shared),
    );
    this.faults = new ShownFaults(receiver);
  }

  start(signal: AbortSignal): void {
    this.#rounds.start(signal);
  }

  /** Whether every rule of every set was evaluated at least once. */
  get haveRulesBeenEvaluated(): boolean {
    return this.#rules.haveAllBeenEvaluated;
  }

  /** Whether Prometheus has ended by itself, so that it is no use to wait for it. */
  get hasPrometheusEnded(): boolean {
    return this.#prometheus.hasEnded;
  }

  /** The alerts that are pending or firing, each with the time at which it fires at the latest unless its condition ends. */
  get open(): AlertHistory["open"] {
    return this.#rules.history.open;
  }

  /** Whether an alert fired since a time, and since alerts count, that was not delivered yet. */
  hasUndeliveredSince(sinceMs: number): boolean {
    const fromMs = Math.max(sinceMs, this.#fromMs ?? Number.POSITIVE_INFINITY);
    return this.#rules.history.activations.some(
      ({ set, alert, firedAtMs }) =>
        firedAtMs !== null && firedAtMs >= fromMs && !this.#deliveries.hasFiringSince(set, alert, firedAtMs),
    );
  }

  /** Whether an alert, as `SET/ALERT`, fired since alerts count, and ended. */
  hasFiredAndEnded(name: string): boolean {
    const fromMs = this.#fromMs ?? Number.POSITIVE_INFINITY;
    return this.#rules.history.activations.some(
      ({ set, alert, firedAtMs, endedAtMs }) =>
        `${set}/${alert}` === name && firedAtMs !== null && firedAtMs >= fromMs && endedAtMs !== null,
    );
  }

  /** What happened before is not counted: while parts start, alerts about them are true. */
  beginCounting(): void {
    this.#fromMs = Date.now();
  }

  /** Finds out when the parts first counted a loss. Without that, a loss counts as possible since its line was written. */
  async findLosses(signal: AbortSignal): Promise<void> {
    if (this.#fromMs === undefined) return;
    const { clockOffsetMs } = this.#prometheus;
    const since = { fromMs: this.#fromMs, startedAtMs: this.#startedAtMs, clockOffsetMs };
    await this.#prometheus.ask(async (url) => {
      this.#lossSignals = await countedLosses(url, since, signal);
    }, signal);
  }

  /** What was observed so far, in the form in which it is stored. */
  get recorded(): RecordedAlerts {
    const { rules, activations, omitted } = this.#rules.history;
    const fromMs = this.#fromMs;
    return {
      lagMs: 2 * (this.#rules.evaluationMs ?? 0),
      watched: fromMs === undefined ? null : { fromMs, toMs: Math.max(fromMs, this.#toMs) },
      rules,
      activations,
      deliveries: this.#deliveries.list,
      omitted: { activations: omitted, deliveries: this.#deliveries.omitted },
      blindSpots: this.#blindSpots.list,
      lossSignals: this.#lossSignals,
    };
  }

  async stop(): Promise<Observed> {
    const failure = await this.#rounds.stop();
    await this.faults.told;
    if (failure !== null) this.#prometheus.note({ code: "no-answer", message: messageOf(failure) });
    return {
      observer: "alerts",
      isGroundOfVerdict: false,
      failure,
      tracks: this.#rules.history.tracks(),
    };
  }

  get #roundMs(): number {
    const { evaluationMs = shortestRoundMs } = this.#rules;
    return Math.min(longestRoundMs, Math.max(shortestRoundMs, evaluationMs / 2));
  }

  async #round(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#rules.look(signal), this.#deliveries.look(signal)]);
    this.#toMs = Date.now();
  }
}
