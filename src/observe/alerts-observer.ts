import { messageOf } from "../base/errors.ts";
import type { LossSignal, RecordedAlerts } from "../judge/recorded-alerts.ts";
import type { Observed } from "../judge/track.ts";
import type { MonitoringInstances } from "../places/place.ts";
import type { AlertHistory } from "./alert-history.ts";
import { BlindSpots } from "./blind-spots.ts";
import { countedLosses, type LeastTargets } from "./counted-losses.ts";
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
  /** Whether Prometheus has rules of the user's own, with periods that may be longer than a run. */
  isOwn: boolean;
  /** How many targets a Prometheus that somebody else has configured has to read; undefined for that of a fixture. */
  leastTargets?: LeastTargets | undefined;
  /** The last lines of a log that say most. */
  lastWords: (log: string) => string;
}

/**
 * Records which alerts are pending, firing and delivered, and when nobody looked. Its failures are part of what it records: they leave open
 * whether an alert fired, and say nothing about the lines.
 */
export class AlertsObserver implements Observer {
  /** Shown to Prometheus, for dashboards; undefined if nothing shows them. */
  readonly faults: ShownFaults | undefined;
  readonly #startedAtMs = Date.now();
  readonly #blindSpots = new BlindSpots(this.#startedAtMs);
  readonly #prometheus: WatchedInstance;
  readonly #rules: RulesWatch;
  /** Undefined if there is nothing to ask what was delivered. */
  readonly #deliveries: DeliveriesWatch | undefined;
  readonly #isOwn: boolean;
  readonly #leastTargets: LeastTargets | undefined;
  readonly #rounds = new Repetition(
    (signal) => this.#round(signal),
    (tookMs) => Math.max(0, this.#roundMs - tookMs),
  );
  #fromMs: number | undefined;
  #toMs = this.#startedAtMs;
  #lossSignals: LossSignal[] = [];

  constructor({ monitoring, ruleSets, isOwn, leastTargets, lastWords }: AlertsOptions) {
    const { prometheus, alertmanager, receiver } = monitoring;
    const shared = { blindSpots: this.#blindSpots, lastWords };
    this.#prometheus = new WatchedInstance("prometheus", prometheus, shared);
    this.#rules = new RulesWatch(this.#prometheus, ruleSets, this.#blindSpots);
    this.#isOwn = isOwn;
    this.#leastTargets = leastTargets;
    if (alertmanager !== undefined && receiver !== undefined)
      this.#deliveries = new DeliveriesWatch(
        new WatchedInstance("alertmanager", alertmanager, shared),
        new WatchedInstance("receiver", receiver, shared),
      );
    this.faults = receiver && new ShownFaults(receiver);
  }

  start(signal: AbortSignal): void {
    this.#rounds.start(signal);
  }

  /** Whether every rule of every set was evaluated at least once. */
  get haveRulesBeenEvaluated(): boolean {
    return this.#rules.haveAllBeenEvaluated;
  }

  /** The shortest time between two evaluations of a rule; undefined if none is known. */
  get evaluationMs(): number | undefined {
    return this.#rules.evaluationMs;
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
    const deliveries = this.#deliveries;
    if (deliveries === undefined) return false;
    const fromMs = Math.max(sinceMs, this.#fromMs ?? Number.POSITIVE_INFINITY);
    return this.#rules.history.activations.some(
      ({ set, alert, firedAtMs }) =>
        firedAtMs !== null && firedAtMs >= fromMs && !deliveries.hasFiringSince(set, alert, firedAtMs),
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
    const since = {
      ...{ fromMs: this.#fromMs, startedAtMs: this.#startedAtMs, clockOffsetMs },
      leastTargets: this.#leastTargets,
    };
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
      deliveries: this.#deliveries?.list ?? [],
      ...(this.#deliveries === undefined && { isDeliveryUnknown: true }),
      ...(this.#isOwn && { isOpenEnded: true }),
      omitted: { activations: omitted, deliveries: this.#deliveries?.omitted ?? 0 },
      blindSpots: this.#blindSpots.list,
      lossSignals: this.#lossSignals,
    };
  }

  async stop(): Promise<Observed> {
    const failure = await this.#rounds.stop();
    await this.faults?.told;
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
    await Promise.all([this.#rules.look(signal), this.#deliveries?.look(signal)]);
    this.#toMs = Date.now();
  }
}
