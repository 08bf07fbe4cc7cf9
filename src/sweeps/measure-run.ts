import { isLossCertain } from "../judge/loss-certainty.ts";
import type { ArrivalTimes } from "../judge/recording.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { type Ledger, notWrittenBeforeMs, sequencesWrittenBetween } from "../load/ledger.ts";
import { readArrivalsOf } from "../store/stored-recording.ts";
import type { Outcome } from "./search.ts";
import type { SweptRun } from "./sweep-document.ts";

/**
 * What a run says for a sweep.
 *
 * @param folder the run's
 * @throws UsageError if its ledger or its recording cannot be read
 */
export async function measuredRun(document: RunDocument, folder: string): Promise<SweptRun> {
  const { runId, verdict, reasons, counts } = document;
  const { ledger, arrivals } = await readArrivalsOf(folder);
  return {
    ...{ runId, verdict, failure: null },
    reasons: reasons.map(({ code }) => code),
    outcome: outcomeOfRun(document),
    written: counts.written,
    lost: counts.lost,
    timeScale: document.plan.timeScale ?? 1,
    ...measuredFault(document, ledger, arrivals),
  };
}

/** Lines are lost only if the run is certain of it, and the fault of every length was proven. */
export function outcomeOfRun(run: Pick<RunDocument, "verdict" | "reasons" | "counts" | "faults">): Outcome {
  const { verdict, counts, faults } = run;
  const isProven = faults.length > 0 && faults.every(({ effective }) => effective);
  if (!isProven || verdict === "unknown") return "unknown";
  if (counts.lost > 0) return isLossCertain(run) ? "lost" : "unknown";
  return verdict === "holds" ? "held" : "unknown";
}

/** How long the first fault held, and what was still to come when it began to heal. */
export function measuredFault(
  {
    faults: [fault],
    timeLapse,
    timings,
    plan,
  }: Pick<RunDocument, "faults" | "timeLapse" | "timings" | "plan">,
  ledger: Ledger,
  arrivals: ArrivalTimes,
): Pick<SweptRun, "outage" | "backlog"> {
  if (fault === undefined || fault.held === null) return { outage: null, backlog: null };
  const [askedMs, startedMs, healedMs] = [
    fault.askedAt ?? fault.startedAt,
    fault.startedAt,
    fault.endedAt,
  ].map((at) => Date.parse(at)) as [number, number, number];
  // Without a queue, times of lines do not make the shipper's retries any longer.
  const isSimulated = timeLapse === null || timeLapse.agesKafka;
  const { waiting, firstMs } = waitingAfter({ startedMs, healedMs }, ledger, arrivals);
  const worksMs = firstMs === null ? null : firstMs - askedMs;
  const { timeScale = 1 } = plan;
  const outage =
    timeLapse === null
      ? {
          atLeastMs: (healedMs - startedMs) / timeScale,
          atMostMs: worksMs === null ? null : worksMs / timeScale,
        }
      : // The oldest line is that old when the outage ends, and becomes as much older as it has to wait.
        {
          atLeastMs: timeLapse.outageSeconds * 1_000,
          atMostMs: worksMs === null ? null : timeLapse.outageSeconds * 1_000 + worksMs,
        };
  return {
    outage: isSimulated
      ? {
          atLeastSeconds: outage.atLeastMs / 1_000,
          atMostSeconds: outage.atMostMs === null ? null : outage.atMostMs / 1_000,
        }
      : null,
    backlog: {
      lines: waiting,
      waitSeconds: firstMs === null ? null : (firstMs - healedMs) / 1_000,
      recoverySeconds: timings.readBySeconds ?? timings.recoverySeconds,
    },
  };
}

/**
 * How many lines were certainly written when a fault began to heal and not seen to arrive by then, and when the first line that was certainly
 * written after the fault began was seen to arrive after that, in Unix milliseconds.
 */
function waitingAfter(
  { startedMs, healedMs }: { startedMs: number; healedMs: number },
  ledger: Ledger,
  arrivals: ArrivalTimes,
): { waiting: number; firstMs: number | null } {
  let waiting = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  for (const source of ledger.sources) {
    const writtenBy = sequencesWrittenBetween(source, 0, healedMs)?.to ?? 0;
    for (let sequence = 1; sequence <= source.written; sequence++) {
      const arrivedMs = arrivals.atMs(source.source, sequence) ?? Number.POSITIVE_INFINITY;
      if (arrivedMs <= healedMs) continue;
      if (sequence <= writtenBy) waiting++;
      if (arrivedMs < firstMs && (notWrittenBeforeMs(source, sequence) ?? 0) >= startedMs)
        firstMs = arrivedMs;
    }
  }
  return { waiting, firstMs: Number.isFinite(firstMs) ? firstMs : null };
}
