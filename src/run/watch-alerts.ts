import { scaledIntervalMs, shortestIntervalMs } from "../alerts/scaled-config.ts";
import { pause } from "../base/abortable-pause.ts";
import type { LiveRun } from "./live-run.ts";

const probeMs = 100;
/** How long Prometheus may take until it has evaluated every rule once. */
const rulesTimeoutMs = 60_000;
/** The same for a Prometheus of the user's own: by default it evaluates once a minute, and spreads its groups over that minute. */
const ownRulesTimeoutMs = 180_000;
/** How long alerts of the user's own are awaited, many of which need five minutes. */
const longestOwnDueMs = 360_000;
/** The longest time between two evaluations that a run waits for. */
const longestEvaluationMs = 60_000;
/** How long alerts are awaited at the end: those that become due, and the end of those that fire. */
const longestDueMs = 30_000;
const longestEndMs = 10_000;
/** The same for alerts that the scenario makes fire, and that have to end: some fire for minutes after their cause has ended. */
const longestDrillMs = 900_000;
/** How long Alertmanager collects what fires together, unless that is scaled, and what it takes beyond that. */
const groupWaitMs = 10_000;
const deliveryMarginMs = 2_000;

/**
 * Waits until every rule was evaluated, so that alerts are watched before anything is broken. If that takes too long, the run goes on, and
 * its recording says that nobody looked.
 */
export async function awaitRules({ setup, watching }: LiveRun): Promise<void> {
  const { alerts } = watching;
  const { plan } = setup.request;
  if (alerts === undefined || !plan.alerts) return;
  const { signal } = setup.context;
  const isOwn = setup.request.pipeline.ownMonitoring !== undefined;
  const waitedFor = () => alerts.haveRulesBeenEvaluated || alerts.hasPrometheusEnded;
  await waitUntil(waitedFor, isOwn ? ownRulesTimeoutMs : rulesTimeoutMs, signal);
  // So that alerts about parts that were starting have ended.
  await waitUntil(() => alerts.open.length === 0, showsAfterMs(plan.alerts, alerts.evaluationMs), signal);
  alerts.beginCounting();
  const open = alerts.open.map(({ activation: { set, alert } }) => `${set}/${alert}`);
  setup.outputs.journal.add("alerts-counting", { evaluated: alerts.haveRulesBeenEvaluated, open });
}

/**
 * Waits at the end of a run, so that what was lost can show: for one reading of the metrics and one evaluation of the rules; then for alerts
 * that become due soon, for deliveries, and for the end of alerts that fire.
 */
export async function awaitAlerts({ setup, watching }: LiveRun): Promise<void> {
  const { alerts } = watching;
  const { plan } = setup.request;
  if (alerts === undefined || !plan.alerts || alerts.hasPrometheusEnded) return;
  const { timeScale } = plan.alerts;
  const startedAtMs = Date.now();
  const leastMs = showsAfterMs(plan.alerts, alerts.evaluationMs);
  const isOwn = setup.request.pipeline.ownMonitoring !== undefined;
  const dueMs = isOwn ? longestOwnDueMs : longestDueMs;
  const mustEnd = plan.alerts.mustFire ?? [];
  const longestMs = mustEnd.length > 0 ? longestDrillMs : dueMs;
  const deliveredWithinMs = groupWaitMs * timeScale + deliveryMarginMs;
  const isDone = () => {
    const nowMs = Date.now();
    if (nowMs < startedAtMs + leastMs) return false;
    const isDue = alerts.open.some(({ activation: { set, alert, firedAtMs }, firesAtMs }) => {
      if (firedAtMs === null) return firesAtMs <= startedAtMs + dueMs;
      if (nowMs < startedAtMs + longestEndMs) return true;
      // One that ended before may fire again because the load is over, and then it does not end.
      const name = `${set}/${alert}`;
      return mustEnd.includes(name) && !alerts.hasFiredAndEnded(name);
    });
    return !isDue && !alerts.hasUndeliveredSince(nowMs - deliveredWithinMs);
  };
  await waitUntil(isDone, longestMs, setup.context.signal);
  setup.outputs.journal.add("alerts-awaited", { waitedMs: Date.now() - startedAtMs });
}

/** How long it takes until what has happened shows in alerts: one reading of the metrics, one evaluation, and until both are seen. */
function showsAfterMs({ timeScale }: { timeScale: number }, evaluationMs = 0): number {
  const intervalMs = Math.max(scaledIntervalMs(timeScale), Math.min(evaluationMs, longestEvaluationMs));
  return 2 * intervalMs + 2 * shortestIntervalMs;
}

async function waitUntil(isDone: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!isDone() && Date.now() < deadlineMs) await pause(probeMs, signal);
}
