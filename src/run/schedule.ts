import { pause } from "../base/abortable-pause.ts";
import { messageOf } from "../base/errors.ts";
import { ReadError } from "../base/read-error.ts";
import type { CommonEvidence } from "../faults/evidence.ts";
import { type Fault, type FaultContext, proofOfBoth } from "../faults/fault.ts";
import { Holds } from "../faults/holds.ts";
import { planFault } from "../faults/plan-fault.ts";
import { kindOf } from "../faults/registry.ts";
import type { FaultRecord } from "../judge/fault-record.ts";
import { attachedProject } from "../pipeline/pipeline.ts";
import type { Audit, ScheduledFault } from "../plan/scenario.ts";
import type { Journal } from "../store/journal.ts";
import { LoadClock } from "./load-clock.ts";

const probeMs = 5;

/** The context of all faults of a schedule; each fault gets its own view of what the others hold. */
export type ScheduleContext = Omit<FaultContext, "holds">;

/** A fault schedule that is being carried out. */
export interface RunningSchedule {
  /** Resolves when the faults that come before the first line are in force. */
  begun: Promise<unknown>;
  /** Resolves when every fault has healed; rejects when one was aborted. */
  healed: Promise<FaultRecord[]>;
  /** Resolves when the schedule has ended, successfully or not. */
  ended: Promise<unknown>;
}

/** A fault that is being injected or in force. */
export interface FaultInForce {
  kind: string;
  target: string;
}

/** What a schedule calls while it is carried out. */
export interface ScheduleListener {
  journal: Journal;
  /** Called with the faults in force before one is injected and after one has healed. */
  onChange: (inForce: FaultInForce[]) => void;
  /** Called before a fault with an audit heals, or before it begins if it takes no time; returns what the audit found. */
  audit: (what: Audit) => Promise<CommonEvidence>;
}

/**
 * Carries out the faults of a schedule on the load's clock. Each fault runs independently, so faults may overlap. The load may end when every
 * fault that comes before the last line is in force, and as many lines as planned were written while the clock was running.
 */
export function runSchedule(
  faults: ScheduledFault[],
  context: ScheduleContext,
  listener: ScheduleListener,
  signal: AbortSignal,
): RunningSchedule {
  const inForce = new Set<FaultInForce>();
  const holds = new Holds();
  const clock = new LoadClock(context.writer);
  const injected: Promise<void>[] = [];
  const begun: Promise<void>[] = [];
  const running = faults.map((scheduled) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // The load does not continue for a fault that comes after the last line.
    if (scheduled.at < 1) injected.push(promise);
    if (scheduled.at === 0) begun.push(promise);
    const state = { clock, inForce, onInjected: resolve };
    return runFault(scheduled, { ...context, holds: holds.ofFault() }, listener, signal, state).finally(
      resolve,
    );
  });
  void Promise.all(injected).then(() => context.writer.endAt(context.writer.plan.lines + clock.standstill));
  const healed = Promise.all(running);
  // This is awaited later. A fault that fails before that must not be reported as an unhandled rejection.
  healed.catch(() => {});
  return { begun: Promise.all(begun), healed, ended: Promise.allSettled(running) };
}

/** The state that the faults of a schedule share, and a callback for when the fault is in force. */
interface ScheduleState {
  clock: LoadClock;
  inForce: Set<FaultInForce>;
  onInjected: () => void;
}

async function runFault(
  scheduled: ScheduledFault,
  context: FaultContext,
  { journal, onChange, audit }: ScheduleListener,
  signal: AbortSignal,
  { clock, inForce, onInjected }: ScheduleState,
): Promise<FaultRecord> {
  const { kind, target, at, until } = scheduled;
  const fault = planFault(scheduled, context.stack.pipeline).create(context);
  await loadReaches(at, clock, signal);
  const askedAt = isoOf(Date.now());
  journal.add("fault-injecting", { kind, target });
  inForce.add(scheduled);
  onChange([...inForce]);
  try {
    const audited: CommonEvidence[] = [];
    const auditNow = async (what: Audit) => void audited.push(await audit(what));
    // A fault that takes no time may remove what an audit would find.
    if (until === undefined && scheduled.audit !== undefined) await auditNow(scheduled.audit);
    const inject = () => fault.inject();
    // A fault that ends by itself is over when `inject` returns, so the clock does not need to stop for it.
    const waits = until !== undefined && kindOf(scheduled).waitsForEnd;
    const startedAt = isoOf(await (waits ? clock.during({ at, until }, inject) : inject()));
    const first = await fault.prove();
    journal.add("fault-in-force", {
      kind,
      target,
      startedAt,
      effective: first.effective,
      evidence: first.evidence,
    });
    onInjected();
    if (until !== undefined) {
      await loadReaches(until, clock, signal);
      if (scheduled.audit !== undefined) await auditNow(scheduled.audit);
    }
    const proof = proofOfBoth(first, await fault.prove());
    const endedAt = isoOf(await fault.heal());
    const proofs = [proof, ...(fault.proveHealed === undefined ? [] : [await fault.proveHealed()])];
    const effective = proofs.every((each) => each.effective);
    const evidence = [...proofs.flatMap((each) => each.evidence), ...audited];
    journal.add("fault-healed", { kind, target, endedAt, effective, evidence });
    return {
      ...scheduled,
      askedAt,
      startedAt,
      endedAt,
      effective,
      evidence: evidence.map((each) => ({ ...each })),
      ...refusalsOf(fault),
    };
  } catch (thrown) {
    // A stack that stays up after the run must not stay broken.
    if (signal.aborted && attachedProject(context.stack.pipeline) !== undefined)
      await healWhatIsLeft(fault, scheduled, journal);
    signal.throwIfAborted();
    // The fault was not brought about as the scenario says, so without evidence the verdict is `unknown`.
    const now = isoOf(Date.now());
    const evidence = [failedBy(thrown)];
    journal.add("fault-failed", { kind, target, evidence });
    await healWhatIsLeft(fault, scheduled, journal);
    return {
      ...scheduled,
      startedAt: now,
      endedAt: now,
      effective: false,
      evidence,
      ...refusalsOf(fault),
    };
  } finally {
    inForce.delete(scheduled);
    onChange([...inForce]);
  }
}

function failedBy(thrown: unknown): CommonEvidence {
  if (thrown instanceof ReadError) return { code: "read-failed", problem: thrown.problem };
  return { code: "failed", message: messageOf(thrown) };
}

function refusalsOf(fault: Fault): Pick<FaultRecord, "refusals"> {
  const refusals = (fault.refusals?.() ?? []).map((each) => ({ ...each }));
  return refusals.length === 0 ? {} : { refusals };
}

/** Heals a fault that failed halfway. Otherwise the lines that it loses would count as losses of the pipeline. */
async function healWhatIsLeft(fault: Fault, { kind, target }: FaultInForce, journal: Journal): Promise<void> {
  try {
    await fault.heal();
  } catch (thrown) {
    journal.add("fault-not-healed", { kind, target, message: messageOf(thrown) });
  }
}

async function loadReaches(share: number, clock: LoadClock, signal: AbortSignal): Promise<void> {
  while (!clock.hasReached(share)) await pause(probeMs, signal);
}

function isoOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
