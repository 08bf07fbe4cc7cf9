import { alertStates } from "../alerts/alert-states.ts";
import type { Rule } from "../alerts/rule-file.ts";
import { messageOf } from "../base/errors.ts";
import { judgeAlerts } from "../judge/alerts.ts";
import type { AlertsDocument } from "../judge/alerts-document.ts";
import type { FaultRecord } from "../judge/fault-record.ts";
import type { LossEvidence } from "../judge/loss-moment.ts";
import {
  type Activation,
  type BlindSpot,
  maxListedAlerts,
  type RecordedAlerts,
} from "../judge/recorded-alerts.ts";
import type { SampledSeries } from "../products/prometheus/prometheus-answers.ts";
import type { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import type { Span } from "./sample-gaps.ts";

/** A rule set that is tried: its name, and its alerts with their periods already scaled. */
export interface TriedSet {
  set: string;
  rules: { rule: Rule; intervalMs: number }[];
}

/** What a stored run knows beside its samples, and which samples there are. */
export interface TriedOn extends Pick<LossEvidence, "lost" | "ledger"> {
  recorded: Pick<RecordedAlerts, "watched" | "lagMs" | "blindSpots" | "lossSignals">;
  /** In which time rules are evaluated; undefined if there are no samples. Then it is not known what they would have done. */
  span: Span | undefined;
  /** Whether samples come after the span, by which alerts that are pending at its end may fire. */
  isOpenEnded: boolean;
  faults: readonly FaultRecord[];
}

/**
 * What rules would have done in a stored run: each expression is evaluated at each interval over the samples of the run, and its alerts get the
 * states that they would have had. Nothing is delivered.
 */
export async function tryRules(
  api: PrometheusApi,
  sets: readonly TriedSet[],
  { recorded, span, isOpenEnded, faults, lost, ledger }: TriedOn,
  signal: AbortSignal,
): Promise<AlertsDocument> {
  const activations: Activation[] = [];
  const blindSpots: BlindSpot[] = [];
  for (const { set, rules } of span === undefined ? [] : sets) {
    for (const { rule, intervalMs } of rules) {
      try {
        activations.push(...(await activationsOf(api, set, rule, { ...span!, stepMs: intervalMs }, signal)));
      } catch (thrown) {
        signal.throwIfAborted();
        const problem = { code: "evaluation-failed", message: messageOf(thrown) } as const;
        blindSpots.push({ what: "rule", set, name: rule.name, ...span!, problem });
      }
    }
  }
  const tried: RecordedAlerts = {
    watched: span === undefined ? null : recorded.watched,
    lagMs: recorded.lagMs,
    rules: sets.flatMap(({ set, rules }) => rules.map(({ rule }) => ruleOf(set, rule))),
    activations: activations.slice(0, maxListedAlerts),
    deliveries: [],
    isDeliveryUnknown: true,
    ...(isOpenEnded && { isOpenEnded }),
    omitted: { activations: Math.max(0, activations.length - maxListedAlerts), deliveries: 0 },
    // What the run's Prometheus missed, its samples lack.
    blindSpots: [...recorded.blindSpots.filter(({ what }) => what === "prometheus"), ...blindSpots],
    lossSignals: recorded.lossSignals,
  };
  return judgeAlerts({ recorded: tried, faults, lost, ledger });
}

function ruleOf(set: string, { name, labels, forMs }: Rule): RecordedAlerts["rules"][number] {
  return { set, alert: name, severity: labels.severity ?? null, forMs: forMs ?? 0 };
}

/** From the first sample to the end of watching; undefined if there is no sample. */
export async function sampledSpan(
  api: PrometheusApi,
  toMs: number,
  signal: AbortSignal,
): Promise<Span | undefined> {
  const up = await api.samples("up[10y]", toMs, signal);
  const fromMs = Math.min(...up.flatMap(({ samples }) => samples[0]?.atMs ?? []));
  return Number.isFinite(fromMs) ? { fromMs, toMs } : undefined;
}

async function activationsOf(
  api: PrometheusApi,
  set: string,
  { name: alert, expr, forMs = 0, keepFiringMs = 0 }: Rule,
  range: { fromMs: number; toMs: number; stepMs: number },
  signal: AbortSignal,
): Promise<Activation[]> {
  const series = await api.timesOf(expr, range, signal);
  const labels = new Map(series.map((one) => [keyOf(one), one.labels]));
  const spans = alertStates({ forMs, keepFiringMs }, evaluationsOf(series, range));
  return spans.map(({ key, activeAtMs, firedAtMs, endedAtMs }) => ({
    ...{ set, alert, activeAtMs, firedAtMs, endedAtMs },
    labels: { ...labels.get(key)!, alertname: alert },
  }));
}

/** At each step the series that have a value then. */
function* evaluationsOf(
  series: readonly SampledSeries[],
  { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
): Generator<{ atMs: number; keys: ReadonlySet<string> }> {
  const keysAt = new Map<number, Set<string>>();
  for (const one of series) {
    const key = keyOf(one);
    for (const { atMs } of one.samples) {
      const step = Math.round((atMs - fromMs) / stepMs);
      const keys = keysAt.get(step) ?? new Set();
      keysAt.set(step, keys.add(key));
    }
  }
  const none: ReadonlySet<string> = new Set();
  for (let step = 0; fromMs + step * stepMs <= toMs; step++)
    yield { atMs: fromMs + step * stepMs, keys: keysAt.get(step) ?? none };
}

function keyOf({ labels }: SampledSeries): string {
  return JSON.stringify(Object.entries(labels).sort());
}
