import type { Generator } from "../load/generator.ts";
import { type Ledger, writtenIn } from "../load/ledger.ts";
import { CountersObserver } from "../observe/counters-observer.ts";
import { silenceMs } from "../products/shipper-patience.ts";
import { type Settled, settle } from "../run/settle.ts";
import { isConsumerBehind } from "../sinks/kafka/consumer-lag.ts";
import type { Sink } from "../sinks/sink.ts";
import { ArrivalCount } from "./arrival-count.ts";
import { ProcessorUse } from "./processor-use.ts";
import { readTrial, type TrialReading } from "./read-trial.ts";
import type { TrialInput } from "./search/trial-result.ts";
import type { Processors, Trial } from "./throughput-document.ts";
import { effectiveSeconds, writingSeconds, writtenLate } from "./trial-load.ts";
import type { TrialStack } from "./trial-stack.ts";
import { withTrialLoad } from "./with-trial-load.ts";

/** If nothing has moved for this long, it is asked whether lines are still on their way. */
const askAfterMs = 5_000;

/** What was observed of a trial until nothing more of it arrived. */
interface Observed {
  ledger: Ledger;
  processors: Processors;
  refused: Record<string, number>;
  arrival: ArrivalCount;
  settled: Settled;
  /** How many lines were in the sink when the lag that is allowed had passed. */
  inTime: number;
  lagSeconds: number | null;
}

/**
 * Carries out one trial: writes lines at a rate, waits until nothing more of them arrives, and reads every line.
 *
 * @param number which trial of the search it is, from 1
 * @throws UnavailableError if the shipper does not find the trial's files, or a line cannot be written
 * @throws ReadError if what the sink answers contradicts its counts
 */
export async function measureTrial(on: TrialStack, trial: TrialInput, number: number): Promise<Trial> {
  const startedAtMs = Date.now();
  return withTrialLoad(on, trial, number, async ({ sink, writer }) => {
    const observed = await writeAndSettle(on, sink, writer);
    const reading = await readTrial(on, sink, observed.ledger, number);
    const late = writtenLate(observed.ledger, writer.plan);
    const result = resultOf(observed, reading, late);
    const measured: Trial = {
      number,
      ...trial,
      effectiveDurationSeconds: effectiveSeconds(observed.ledger, trial),
      tookSeconds: (Date.now() - startedAtMs) / 1_000,
      intendedLines: writer.plan.lines,
      ...result,
    };
    on.journal.add("trial", { ...measured });
    return measured;
  });
}

async function writeAndSettle(on: TrialStack, sink: Sink, writer: Generator): Promise<Observed> {
  const { stack, signal, upAtMs } = on;
  const { plan } = writer;
  const counters = new CountersObserver(stack, writer.location.fileNames);
  counters.start(signal);
  try {
    const before = await sink.totals(upAtMs);
    const use = await ProcessorUse.start(stack.instances());
    writer.start();
    const ledger = await writer.finished;
    signal.throwIfAborted();
    const writtenAtMs = Date.now();
    const deadlineMs = writtenAtMs + on.lagBoundSeconds * 1_000;
    const arrival = new ArrivalCount(sink, ledger, deadlineMs);
    const ended = new AbortController();
    const following = arrival.follow(AbortSignal.any([signal, ended.signal]));
    try {
      const processors = await use.end();
      on.journal.add("trial-written", {
        sources: plan.sources,
        lines: plan.lines,
        load: plan.linesPerSecond,
      });
      const settled = await settleTrials(on, [arrival], counters, writingSeconds(ledger));
      on.journal.add("trial-settled", { ...settled, inTime: arrival.inTime });
      ended.abort();
      await following;
      const { discarded } = await sink.totals(upAtMs);
      const { completeAtMs } = arrival;
      const lagSeconds = completeAtMs === undefined ? null : (completeAtMs - writtenAtMs) / 1_000;
      const refused = grownBy(before.discarded, discarded);
      return { ledger, processors, refused, arrival, settled, inTime: arrival.inTime, lagSeconds };
    } finally {
      ended.abort();
    }
  } finally {
    await counters.stop();
  }
}

/**
 * Waits until every line has arrived, nothing more of them will arrive, or no longer is to be waited.
 *
 * @param writingSeconds how long lines were written, for which a shipper may have waited between its retries
 */
export async function settleTrials(
  { stack, kafka, patience, drainSeconds, journal, signal }: TrialStack,
  arrivals: readonly Pick<ArrivalCount, "isComplete" | "movedAtMs">[],
  { counters }: CountersObserver,
  writingSeconds: number,
): Promise<Settled> {
  const quietMs = silenceMs(patience, writingSeconds * 1_000) + stack.pipeline.quietSeconds * 1_000;
  const isUnderWay = async () => {
    if (counters.shipperWatch.isHolding(Date.now())) return true;
    return kafka !== undefined && (await isConsumerBehind(kafka, journal)) ? true : undefined;
  };
  return settle(
    {
      isComplete: () => arrivals.every(({ isComplete }) => isComplete),
      lastMovedAtMs: () =>
        Math.max(counters.shipperWatch.movedAtMs, ...arrivals.map(({ movedAtMs }) => movedAtMs)),
      isUnderWay,
    },
    { askAfterMs, quietMs, deadlineMs: drainSeconds * 1_000 },
    signal,
  );
}

function resultOf(
  { ledger, processors, refused, settled, inTime, lagSeconds }: Observed,
  { delivered, lost, duplicated, damaged }: TrialReading,
  late: number,
): Omit<
  Trial,
  "number" | "load" | "durationSeconds" | "effectiveDurationSeconds" | "tookSeconds" | "intendedLines"
> {
  // A copy or a damaged line may have been counted in place of a line that was not there yet.
  const arrived = Math.max(0, Math.min(delivered, inTime - duplicated - damaged));
  return {
    forwardedLines: Math.max(0, arrived - late),
    ...{ delivered, lost, duplicated, damaged },
    writtenLate: late,
    late: Math.max(0, writtenIn(ledger) - lost - arrived),
    lagSeconds: lost > 0 ? null : lagSeconds,
    isBacklogLeft: settled.why === "deadline" && lost > 0,
    refused,
    processors,
  };
}

/** By how much each counter has grown; a sink that was restarted counts from 0. */
export function grownBy(
  before: Record<string, number>,
  after: Record<string, number>,
): Record<string, number> {
  const grown = Object.entries(after).map(([reason, count]) => {
    const first = before[reason] ?? 0;
    return [reason, count < first ? count : count - first] as const;
  });
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}
