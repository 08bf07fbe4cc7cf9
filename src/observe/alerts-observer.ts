import { request } from "undici";
import { messageOf } from "../base/errors.ts";
import { type Delivery, maxListedAlerts, type RecordedAlerts } from "../judge/recorded-alerts.ts";
import type { Observed } from "../judge/track.ts";
import type { Instance } from "../places/instance.ts";
import type { MonitoringInstances } from "../places/place.ts";
import { firstRise, lossCounts } from "../products/loss-signals.ts";
import { notificationsSchema } from "../products/prometheus/alert-deliveries.ts";
import type { RuleGroup } from "../products/prometheus/prometheus-answers.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import { AlertHistory, setLabel, setOf } from "./alert-history.ts";
import { BlindSpots, type Trouble } from "./blind-spots.ts";
import type { Observer } from "./observer.ts";
import { Repetition } from "./repetition.ts";
import { ShownFaults } from "./shown-faults.ts";

/** Twice for each evaluation of the rules, within these bounds. */
const shortestRoundMs = 250;
const longestRoundMs = 1_000;
const timeoutMs = 5_000;
/** A rule that was not evaluated for so many of its intervals is not watched. */
const patientIntervals = 3;
const shownLogLines = 200;

/** What the observer needs to know of a run. */
export interface AlertsOptions {
  monitoring: MonitoringInstances;
  /** The sets that Prometheus is to load. */
  ruleSets: readonly string[];
  /** The last lines of a log that say most. */
  lastWords: (log: string) => string;
}

type Problem = Trouble["problem"];

/** Records which alerts are pending, firing and delivered, and when nobody looked. */
export class AlertsObserver implements Observer {
  readonly #options: AlertsOptions;
  readonly #history: AlertHistory;
  readonly #blindSpots = new BlindSpots(Date.now());
  readonly #deliveries: Delivery[] = [];
  readonly #rounds: Repetition;
  /** Shown to Prometheus, for dashboards. */
  readonly faults: ShownFaults;
  readonly #startedAtMs = Date.now();
  #roundMs = shortestRoundMs;
  #omittedDeliveries = 0;
  #lastNotification = 0;
  #evaluatedAll = false;
  #hasPrometheusEnded = false;
  #fromMs: number | undefined;
  #toMs = Date.now();
  #lossSignals: RecordedAlerts["lossSignals"] = [];

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.faults = new ShownFaults(options.monitoring.receiver);
    this.#history = new AlertHistory(options.monitoring.prometheus.clockOffsetMs);
    this.#rounds = new Repetition(
      (signal) => this.#round(signal),
      (tookMs) => Math.max(0, this.#roundMs - tookMs),
    );
  }

  start(signal: AbortSignal): void {
    this.#rounds.start(signal);
  }

  /** Whether every rule of every set was evaluated at least once. */
  get haveRulesBeenEvaluated(): boolean {
    return this.#evaluatedAll;
  }

  /** The alerts that are pending or firing, each with the time at which it fires at the latest unless its condition ends. */
  get open(): AlertHistory["open"] {
    return this.#history.open;
  }

  /** Whether Prometheus has ended by itself, so that it is no use to wait for it. */
  get hasPrometheusEnded(): boolean {
    return this.#hasPrometheusEnded;
  }

  /** Whether an alert fired since a time, and since alerts count, that was not delivered yet. */
  hasUndeliveredSince(sinceMs: number): boolean {
    const fromMs = Math.max(sinceMs, this.#fromMs ?? Number.POSITIVE_INFINITY);
    return this.#history.activations.some(
      ({ set, alert, firedAtMs }) =>
        firedAtMs !== null &&
        firedAtMs >= fromMs &&
        !this.#deliveries.some((each) => each.set === set && each.alert === alert && each.atMs >= firedAtMs),
    );
  }

  /** What happened before is not counted: while parts start, alerts about them are true. */
  beginCounting(): void {
    this.#fromMs = Date.now();
  }

  /** Finds out when the parts first counted a loss. */
  async findLosses(signal: AbortSignal): Promise<void> {
    const fromMs = this.#fromMs;
    if (fromMs === undefined) return;
    const { prometheus } = this.#options.monitoring;
    const offsetMs = prometheus.clockOffsetMs ?? 0;
    const nowMs = Date.now();
    const rangeSeconds = Math.ceil((nowMs - this.#startedAtMs) / 1_000) + 1;
    try {
      const api = new PrometheusApi(await urlOf(prometheus));
      const sampled = async (metric: string) =>
        (await api.samples(`${metric}[${rangeSeconds}s]`, nowMs + offsetMs, signal)).map((series) => ({
          ...series,
          samples: series.samples.map(({ atMs, value }) => ({ atMs: atMs - offsetMs, value })),
        }));
      const up = await sampled("up");
      for (const { basis, metric } of lossCounts) {
        const rise = firstRise(await sampled(metric), up, fromMs);
        if (rise !== undefined) this.#lossSignals.push({ basis, ...rise });
      }
    } catch (thrown) {
      signal.throwIfAborted();
      // Without its count, a loss counts as possible since its line was written.
      this.#trouble({ what: "prometheus", problem: { code: "no-answer", message: messageOf(thrown) } });
    }
  }

  /** What was observed so far, in the form in which it is stored. */
  get recorded(): RecordedAlerts {
    const { rules, activations, omitted } = this.#history;
    return {
      watched:
        this.#fromMs === undefined
          ? null
          : { fromMs: this.#fromMs, toMs: Math.max(this.#fromMs, this.#toMs) },
      rules,
      activations,
      deliveries: this.#deliveries,
      omitted: { activations: omitted, deliveries: this.#omittedDeliveries },
      blindSpots: this.#blindSpots.list,
      lossSignals: this.#lossSignals,
    };
  }

  async stop(): Promise<Observed> {
    const failure = await this.#rounds.stop();
    await this.faults.told;
    if (failure !== null)
      this.#trouble({ what: "prometheus", problem: { code: "no-answer", message: failure } });
    return { observer: "alerts", isGroundOfVerdict: false, failure, tracks: this.#history.tracks() };
  }

  async #round(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#lookAtRules(signal),
      this.#lookAtDeliveries(signal),
      this.#lookAtAlertmanager(signal),
    ]);
    this.#toMs = Date.now();
  }

  async #lookAtRules(signal: AbortSignal): Promise<void> {
    const { prometheus } = this.#options.monitoring;
    const askedAtMs = Date.now();
    await this.#ask("prometheus", prometheus, signal, async (url) => {
      const groups = await new PrometheusApi(url).ruleGroups(signal);
      this.#hasPrometheusEnded = false;
      this.#history.add(groups);
      const evaluationMs = Math.min(...groups.map(({ interval }) => interval * 1_000));
      this.#roundMs = Math.min(longestRoundMs, Math.max(shortestRoundMs, evaluationMs / 2));
      this.#checkGroups(groups, askedAtMs, prometheus.clockOffsetMs ?? 0);
    });
  }

  #checkGroups(groups: RuleGroup[], atMs: number, clockOffsetMs: number): void {
    const loaded = new Set(groups.map(setOf));
    for (const set of this.#options.ruleSets) {
      const subject = { what: "set", set, name: null } as const;
      if (loaded.has(set)) this.#blindSpots.well(atMs, subject);
      else this.#blindSpots.trouble(atMs, { ...subject, problem: { code: "not-loaded" } });
    }
    for (const group of groups) {
      const subject = { what: "group", set: setOf(group), name: group.name } as const;
      const intervalMs = group.interval * 1_000;
      const evaluatedAtMs = group.lastEvaluation - clockOffsetMs;
      if (atMs - evaluatedAtMs <= patientIntervals * intervalMs)
        this.#blindSpots.well(evaluatedAtMs, subject);
      else this.#blindSpots.trouble(atMs, { ...subject, problem: { code: "not-evaluated", intervalMs } });
      for (const { name, health, lastError } of group.rules) {
        const rule = { what: "rule", set: setOf(group), name } as const;
        if (health !== "err") this.#blindSpots.well(atMs, rule);
        else
          this.#blindSpots.trouble(atMs, {
            ...rule,
            problem: { code: "evaluation-failed", message: lastError },
          });
      }
    }
    this.#evaluatedAll =
      this.#options.ruleSets.every((set) => loaded.has(set)) &&
      groups.every(({ rules }) => rules.every(({ lastEvaluation }) => lastEvaluation > 0));
  }

  async #lookAtDeliveries(signal: AbortSignal): Promise<void> {
    const { receiver } = this.#options.monitoring;
    await this.#ask("receiver", receiver, signal, async (url) => {
      const text = await textAt(`${url}/notifications?after=${this.#lastNotification}`, signal);
      const { notifications } = notificationsSchema.parse(JSON.parse(text));
      for (const { number, receivedAtMs, body } of notifications) {
        this.#lastNotification = number;
        for (const { status, labels } of body.alerts)
          this.#addDelivery({
            set: labels[setLabel] ?? "",
            alert: labels.alertname ?? "",
            atMs: receivedAtMs - (receiver.clockOffsetMs ?? 0),
            isResolved: status === "resolved",
            labels,
          });
      }
    });
  }

  #addDelivery(delivery: Delivery): void {
    if (this.#deliveries.length < maxListedAlerts) this.#deliveries.push(delivery);
    else this.#omittedDeliveries++;
  }

  async #lookAtAlertmanager(signal: AbortSignal): Promise<void> {
    await this.#ask("alertmanager", this.#options.monitoring.alertmanager, signal, async (url) => {
      await textAt(`${url}/-/ready`, signal);
    });
  }

  async #ask(
    what: "prometheus" | "alertmanager" | "receiver",
    instance: Instance,
    signal: AbortSignal,
    work: (url: string) => Promise<void>,
  ): Promise<void> {
    const askedAtMs = Date.now();
    try {
      await work(await urlOf(instance));
      this.#blindSpots.well(askedAtMs, { what, set: null, name: null });
    } catch (thrown) {
      if (signal.aborted) return;
      const problem = await this.#problemOf(instance, thrown);
      if (what === "prometheus") this.#hasPrometheusEnded = problem.code === "ended";
      this.#trouble({ what, problem });
    }
  }

  #trouble({ what, problem }: Pick<Trouble, "what" | "problem">): void {
    this.#blindSpots.trouble(Date.now(), { what, set: null, name: null, problem });
  }

  async #problemOf(instance: Instance, thrown: unknown): Promise<Problem> {
    const state = await instance.findState().catch(() => undefined);
    if (state === undefined || state.running) return { code: "no-answer", message: messageOf(thrown) };
    const log = await instance.logs(shownLogLines).catch(() => "");
    return { code: "ended", exitCode: state.exitCode, lastWords: this.#options.lastWords(log) };
  }
}

async function urlOf(instance: Instance): Promise<string> {
  const address = await instance.address();
  if (address === undefined) throw new Error("its port is not published");
  return address.url;
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  const { statusCode, body } = await request(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    reset: true,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  return text;
}
