import { type Ledger, writtenIn } from "../load/ledger.ts";
import type { Sink } from "../sinks/sink.ts";
import { ArrivalCount } from "./arrival-count.ts";
import { settleTrials } from "./measure-trial.ts";
import { overloadVerdict } from "./overload-verdict.ts";
import { OverloadWatch } from "./overload-watch.ts";
import { ProcessorUse } from "./processor-use.ts";
import { readTrial } from "./read-trial.ts";
import type { Overload, Processors } from "./throughput-document.ts";
import { catchUpSeconds, type OverloadPlan, overloadFactors } from "./throughput-plan.ts";
import { writingSeconds } from "./trial-load.ts";
import type { TrialStack } from "./trial-stack.ts";
import { type TrialLoad, withTrialLoad } from "./with-trial-load.ts";

/** One part of an overload: what was written, and how it is looked for. */
interface Part {
  ledger: Ledger;
  processors: Processors;
  arrival: ArrivalCount;
  writtenAtMs: number;
}

/**
 * Writes twice the highest rate for a while, and at once half of it for as long as catching up may take; waits until nothing more arrives, and
 * reads every line of both.
 *
 * @param highest the highest rate that the pipeline takes, in lines per second
 * @param number which trial of the search it is, from 1; the second part is the next
 * @throws UnavailableError if the shipper does not find the files, or a line cannot be written
 * @throws ReadError if what the sink answers contradicts its counts
 */
export async function measureOverload(
  on: TrialStack,
  plan: OverloadPlan,
  highest: number,
  number: number,
): Promise<Overload> {
  const boundSeconds = catchUpSeconds(plan);
  const over = { load: overloadFactors.over * highest, durationSeconds: plan.seconds };
  const after = { load: Math.max(1, overloadFactors.after * highest), durationSeconds: boundSeconds };
  return withTrialLoad(on, over, number, (first) =>
    withTrialLoad(on, after, number + 1, async (second) => {
      const fileNames = [first, second].flatMap(({ writer }) => writer.location.fileNames);
      const watch = new OverloadWatch(on, first.sink, fileNames);
      await watch.start();
      const parts = await writeBoth(on, [first, second], watch, boundSeconds).finally(() => watch.stop());
      const seen = await watch.end();
      const ofOver = await linesOf(on, over, first.sink, parts.over, number);
      const ofAfter = await linesOf(on, after, second.sink, parts.after, number + 1);
      const isLacking = ofOver.lost + ofAfter.lost > 0;
      const measured = {
        ...{ highest, over: ofOver, after: ofAfter, boundSeconds },
        caughtUpSeconds: isLacking ? null : caughtUpSeconds(parts, on.lagBoundSeconds),
        isBacklogLeft: parts.why === "deadline" && isLacking,
        ...seen,
      };
      const overload = { ...measured, ...overloadVerdict(measured) };
      on.journal.add("overload", { ...overload });
      return overload;
    }),
  );
}

/** Writes both parts, and waits until nothing more of them arrives. */
async function writeBoth(
  on: TrialStack,
  [first, second]: [TrialLoad, TrialLoad],
  { counters }: OverloadWatch,
  boundSeconds: number,
): Promise<{ over: Part; after: Part; why: string }> {
  const ended = new AbortController();
  const signal = AbortSignal.any([on.signal, ended.signal]);
  const following: Promise<void>[] = [];
  const write = async ({ writer, sink }: TrialLoad, withinSeconds: number): Promise<Part> => {
    const use = await ProcessorUse.start(on.stack.instances());
    writer.start();
    const ledger = await writer.finished;
    on.signal.throwIfAborted();
    const writtenAtMs = Date.now();
    const arrival = new ArrivalCount(sink, ledger, writtenAtMs + withinSeconds * 1_000);
    return { ledger, arrival, writtenAtMs, processors: await use.end() };
  };
  try {
    const over = await write(first, boundSeconds);
    following.push(over.arrival.follow(signal));
    const after = await write(second, on.lagBoundSeconds);
    following.push(after.arrival.follow(signal));
    const seconds = writingSeconds(over.ledger) + writingSeconds(after.ledger);
    const { why } = await settleTrials(on, [over.arrival, after.arrival], counters, seconds);
    return { over, after, why };
  } finally {
    ended.abort();
    await Promise.all(following);
  }
}

/**
 * How long after the overload nothing lagged any more: as long as its own lines took, unless those that were written after it came too late as
 * well. Null if a line was not seen to arrive.
 */
function caughtUpSeconds(
  { over, after }: { over: Part; after: Part },
  lagBoundSeconds: number,
): number | null {
  const [overAtMs, afterAtMs] = [over.arrival.completeAtMs, after.arrival.completeAtMs];
  if (overAtMs === undefined || afterAtMs === undefined) return null;
  const isLate = afterAtMs > after.writtenAtMs + lagBoundSeconds * 1_000;
  return ((isLate ? Math.max(overAtMs, afterAtMs) : overAtMs) - over.writtenAtMs) / 1_000;
}

async function linesOf(
  on: TrialStack,
  { load, durationSeconds }: { load: number; durationSeconds: number },
  sink: Sink,
  { ledger, processors }: Part,
  number: number,
): Promise<Overload["over"]> {
  const lines = writtenIn(ledger);
  const writtenRate = lines / Math.max(durationSeconds, writingSeconds(ledger));
  return {
    load,
    writtenRate,
    durationSeconds,
    lines,
    ...(await readTrial(on, sink, ledger, number)),
    processors,
  };
}
