import { pause } from "../base/abortable-pause.ts";
import { wasEnded } from "../faults/effects.ts";
import type { FaultRecord } from "../judge/fault-record.ts";
import { disturbedSeconds } from "../judge/timing.ts";
import { entriesOf } from "../load/ledger.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import { silenceMs } from "../products/shipper-patience.ts";
import { droppedInAll } from "../products/shipper-totals.ts";
import { isConsumerBehind } from "../sinks/kafka/consumer-lag.ts";
import type { LiveRun } from "./live-run.ts";
import { type Settled, settle } from "./settle.ts";

/** A sink makes a line readable within two seconds of acknowledging it, so a line that was delivered has been seen after this time. */
const askAfterMs = 5_000;
/** The upper end of the recovery time that the document claims; the time for which a shipper may be silent is added to it. */
const defaultDeadlineMs = 600_000;
/** A sink that does not answer this long after the last fault will not answer. */
const answerTimeoutMs = 120_000;
const answerProbeMs = 50;

/**
 * Waits for the lines that are still under way, then stops following.
 *
 * @param patience how long the shipper may be silent between tries; undefined where it is not known
 * @returns how the wait ended
 */
export async function settleRun(
  live: LiveRun,
  faults: FaultRecord[],
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
    },
    { askAfterMs, quietMs, deadlineMs },
    setup.context.signal,
  );
  setup.outputs.journal.add("settled", { ...settled, quietMs, readable: watching.arrivals.count });
  await watching.stop();
  return settled;
}

/**
 * Waits until the sink answers after the last fault: only then can a shipper that waits for its next try deliver.
 *
 * @returns when that was, in Unix milliseconds
 */
async function untilSinkAnswers({ setup, watching }: LiveRun): Promise<number> {
  const sinceMs = Date.now();
  while (!watching.isComplete && watching.answeredAtMs < sinceMs && Date.now() < sinceMs + answerTimeoutMs)
    await pause(answerProbeMs, setup.context.signal);
  return Date.now();
}

/**
 * Whether lines are on their way: the consumer has not reached the end of the topic, or the shipper has not reached the end of what was
 * written, or holds a batch. The counters of a shipper whose process was ended have started anew, and a shipper of a custom pipeline may
 * ship other files as well: the counters of either cannot show that it is done.
 *
 * @returns undefined where nobody can tell
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
  // The consumer is asked last: what the shipper had delivered before is in Kafka by now, or never will be.
  const isBehind = kafka === undefined ? false : await isConsumerBehind(kafka, setup.outputs.journal);
  if (isBehind || watching.counters.shipperWatch.isHolding(Date.now())) return true;
  if (!isShipperDone || isBehind === undefined) return undefined;
  const movedAtMs = watching.lastMovedAtMs;
  await watching.nextLook();
  return watching.lastMovedAtMs === movedAtMs ? false : undefined;
}
