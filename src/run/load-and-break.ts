import { isKilledBy, pausesReading } from "../faults/effects.ts";
import type { FaultRecord } from "../judge/fault-record.ts";
import type { Recorded } from "../judge/recorded.ts";
import { type Ledger, storedIn } from "../load/ledger.ts";
import { faultsOf } from "../plan/scheduled-fault.ts";
import { Audits } from "./audits.ts";
import type { LiveRun } from "./live-run.ts";
import { type FaultInForce, runSchedule, type ScheduleContext } from "./schedule.ts";

/** What was written, which faults were injected, and what was observed meanwhile. */
export interface LoadedRun {
  ledger: Ledger;
  faults: FaultRecord[];
  /** How many lines were readable each time the sink was killed. */
  readableAtKills: number[];
  /** How many records an audit found in Kafka; null if there was no audit. */
  kafkaRecords: number | null;
  /** What was observed of the loss of a site; null if no site was lost. */
  failover: Recorded["failover"];
}

/**
 * Writes the lines and carries out the fault schedule. Returns when all lines are written and all faults have healed. When it returns or
 * throws, the schedule has ended.
 */
export async function loadAndBreak(live: LiveRun): Promise<LoadedRun> {
  const { setup, progress, writer, stack, watching } = live;
  const { request, context, outputs } = setup;
  progress.enter("load");
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const audits = new Audits(live, signal);
  await audits.holdRetention();
  const faultContext: ScheduleContext = {
    stack,
    writer,
    withPollingPaused: (work) => watching.withPollingPaused(work),
    signal,
  };
  const { onChange, readableAtKills } = followFaults(live);
  const listener = {
    journal: outputs.journal,
    onChange,
    audit: (what: Parameters<Audits["carryOut"]>[0]) => audits.carryOut(what),
  };
  const schedule = runSchedule(faultsOf(request.plan), faultContext, listener, signal);
  signal.addEventListener("abort", () => writer.stop(), { once: true });
  try {
    await schedule.begun;
    writer.start();
    const [written, faults] = await Promise.all([writer.finished, schedule.healed]);
    const ledger = storedIn(watching.watch.frame, written);
    signal.throwIfAborted();
    outputs.journal.add("loaded", { written: writer.written });
    return { ledger, faults, readableAtKills, ...audits.found };
  } catch (thrown) {
    failed.abort(thrown);
    throw thrown;
  } finally {
    // A stack that stays up must be healed, and no request of a fault may reach the engine after the containers were removed.
    await schedule.ended;
  }
}

/** Pauses the polling of the sink while a fault breaks it, and records how many lines were readable when the sink was killed. */
function followFaults({ setup, progress, watching }: LiveRun): {
  onChange: (inForce: FaultInForce[]) => void;
  readableAtKills: number[];
} {
  const { pipeline } = setup.request;
  const readableAtKills: number[] = [];
  let known: readonly FaultInForce[] = [];
  const onChange = (inForce: FaultInForce[]) => {
    for (const fault of inForce)
      if (!known.includes(fault) && isKilledBy(fault, pipeline, "sink"))
        readableAtKills.push(watching.arrivals.count);
    known = inForce;
    watching.setSinkBroken(inForce.some((fault) => pausesReading(fault, pipeline)));
    progress.setFaultsInForce(inForce);
    watching.alerts?.faults?.show(inForce);
  };
  return { onChange, readableAtKills };
}
