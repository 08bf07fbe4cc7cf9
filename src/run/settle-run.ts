import { pause } from "../base/abortable-pause.ts";
import { ReadError } from "../base/read-error.ts";
import { wasEnded } from "../faults/effects.ts";
import type { FaultRecord } from "../judge/fault-record.ts";
import { observationFor } from "../judge/observation.ts";
import { disturbedSeconds } from "../judge/timing.ts";
import { entriesOf, type Ledger, writtenIn } from "../load/ledger.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import { silenceMs } from "../products/shipper-patience.ts";
import { droppedInAll } from "../products/shipper-totals.ts";
import { isConsumerBehind } from "../sinks/kafka/consumer-lag.ts";
import { keepMetrics } from "./keep-metrics.ts";
import type { LiveRun } from "./live-run.ts";
import type { LoadedRun } from "./load-and-break.ts";
import { type Settled, settle } from "./settle.ts";
import { awaitAlerts } from "./watch-alerts.ts";

/** A sink makes a line readable within two seconds after acknowledging it, so a delivered line has been seen after this time. */
const askAfterMs = 5_000;
/** The upper end of the recovery time in the reference architecture. The time for which a shipper may be silent is added to it. */
const defaultDeadlineMs = 600_000;
/** If the sink has not answered this long after the last fault, the run no longer waits for it. */
const answerTimeoutMs = 120_000;
const answerProbeMs = 50;
/** Reading more lines than this again would take longer than the waiting that it saves. */
const mostReadAgain = 100_000;

/**
 * Waits for the lines that are still in flight, and for alerts about those that are not, then stops the observers.
 *
 * @param patience how long the shipper may be silent between retries; undefined if that is not known
 * @returns how the wait ended
 */
export async function settleRun(
  live: LiveRun,
  { ledger, faults }: Pick<LoadedRun, "ledger" | "faults">,
  patience: ShipperPatience | undefined,
): Promise<Settled> {
  const { setup, progress, watching } = live;
  const { pipeline, plan } = setup.request;
  const { settleSeconds } = plan;
  progress.enter("settle");
  const answersSinceMs = await untilSinkAnswers(live);
  const quietMs =
    silenceMs(patience, disturbedSeconds(faults, answersSinceMs) * 1_000) + pipeline.quietSeconds * 1_000;
  const deadlineMs = settleSeconds === null ? defaultDeadlineMs + quietMs : settleSeconds * 1_000;
  const settled = await settle(
    {
      isComplete: () => watching.isComplete,
      lastMovedAtMs: () => watching.lastMovedAtMs,
      isUnderWay: () => isUnderWay(live, faults),
      isAllStored: () => isAllStored(live, ledger),
    },
    { askAfterMs, quietMs, deadlineMs },
    setup.context.signal,
  );
  setup.outputs.journal.add("settled", { ...settled, quietMs, readable: watching.arrivals.count });
  await awaitAlerts(live);
  await keepMetrics(live);
  await watching.stop();
  return settled;
}

/**
 * Waits until the sink answers after the last fault, because only then can the shipper's next retry succeed.
 *
 * @returns when it answered, in Unix milliseconds
 */
async function untilSinkAnswers({ setup, watching }: LiveRun): Promise<number> {
  const sinceMs = Date.now();
  while (!watching.isComplete && watching.answeredAtMs < sinceMs && Date.now() < sinceMs + answerTimeoutMs)
    await pause(answerProbeMs, setup.context.signal);
  return Date.now();
}

/**
 * Whether lines are still in flight: the consumer has not reached the end of the topic, the shipper has not reached the end of the files,
 * or the shipper holds a batch. The counters of a shipper whose process was ended started from zero, and the shipper of a custom pipeline may
 * also ship other files, so in both cases the counters cannot show that all lines were sent.
 *
 * @returns undefined if this cannot be determined
 */
async function isUnderWay(
  { setup, writer, kafka, watching }: LiveRun,
  faults: FaultRecord[],
): Promise<boolean | undefined> {
  const { pipeline } = setup.request;
  const { read, sent, dropped } = watching.counters.totals.shipper;
  const entries = entriesOf(writer.soFar());
  const wasShipperEnded = wasEnded(faults, pipeline, "shipper");
  const isCounted = pipeline.shipper.config !== undefined;
  const isShipperDone =
    isCounted && !wasShipperEnded && read === entries && sent + droppedInAll({ dropped }) === entries;
  // The consumer is checked last: what the shipper delivered before that is in Kafka by now, or will never be.
  const isBehind = kafka === undefined ? false : await isConsumerBehind(kafka, setup.outputs.journal);
  if (isBehind || watching.counters.shipperWatch.isHolding(Date.now())) return true;
  if (!isShipperDone || isBehind === undefined) return undefined;
  const movedAtMs = watching.lastMovedAtMs;
  await watching.nextLook();
  return watching.lastMovedAtMs === movedAtMs ? false : undefined;
}

/**
 * Whether the sink has every line. Following it does not show lines that arrive with an earlier time than others of their stream, as where a
 * shipper stamps lines with the time at which it read them. What is read here is neither stored nor judged, and no line counts as seen by it.
 *
 * @returns false also if the sink does not answer, or its answers contradict each other
 */
async function isAllStored({ setup, sink }: LiveRun, ledger: Ledger): Promise<boolean> {
  const written = writtenIn(ledger);
  if (written > mostReadAgain) return false;
  const observation = observationFor(ledger);
  try {
    await sink.read(ledger, ({ line }) => observation.add(line));
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
    return false;
  }
  const stored = observation.deliveredCount();
  setup.outputs.journal.add("looked-again", { stored });
  return stored === written;
}
