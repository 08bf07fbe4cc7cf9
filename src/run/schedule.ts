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

/** All that the faults of a schedule may touch; each gets its own view of what the others hold. */
export type ScheduleContext = Omit<FaultContext, "holds">;

/** A fault schedule that is being carried out. */
export interface RunningSchedule {
  /** Resolves when the faults that come before the first line are in force. */
  begun: Promise<unknown>;
  /** Resolves when every fault has healed; rejects when one was broken off. */
  healed: Promise<FaultRecord[]>;
  /** Resolves when nothing is done any more, whatever came of it. */
  ended: Promise<unknown>;
}

/** A fault that is being injected or in force. */
export interface FaultInForce {
  kind: string;
  target: string;
}

/** What a schedule tells, and asks, while it is carried out. */
export interface ScheduleListener {
  journal: Journal;
  /** Called with the faults in force before one is injected and after one has healed. */
  onChange: (inForce: FaultInForce[]) => void;
  /** Called before a fault heals that is to be audited; returns what was found. */
  audit: (what: Audit) => Promise<CommonEvidence>;
}

/**
 * Carries out faults on the load's clock, each by itself, so that they may overlap. The load may end once every fault that is to come before
 * its last line was brought about, and every line of its plan was written while the clock went.
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
    // One that is to come after the last line is not waited for with further lines.
    if (scheduled.at < 1) injected.push(promise);
    if (scheduled.at === 0) begun.push(promise);
    const state = { clock, inForce, onInjected: resolve };
    return runFault(scheduled, { ...context, holds: holds.ofFault() }, listener, signal, state).finally(
      resolve,
    );
  });
  void Promise.all(injected).then(() => context.writer.endAt(context.writer.plan.lines + clock.standstill));
  const healed = Promise.all(running);
  // Awaited later; a fault that fails at once must not count as unhandled until then.
  healed.catch(() => {});
  return { begun: Promise.all(begun), healed, ended: Promise.allSettled(running) };
}

/** What the faults of a schedule share, and whom one of them tells that it was brought about. */
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
    const inject = () => fault.inject();
    // One that ends by itself is over when it was brought about: nothing of it is cut short, and the load goes on until then.
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
    if (until !== undefined) await loadReaches(until, clock, signal);
    const audited = scheduled.audit === undefined ? [] : [await audit(scheduled.audit)];
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
    // A stack that goes on without Everyline must not go on broken.
    if (signal.aborted && attachedProject(context.stack.pipeline) !== undefined)
      await healWhatIsLeft(fault, scheduled, journal);
    signal.throwIfAborted();
    // Whatever the engine refused, the fault is not what the scenario says: no evidence, no verdict.
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

/** A fault that failed half way must not go on: what it loses would be held against the pipeline. */
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
