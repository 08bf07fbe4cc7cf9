import type { Plan } from "../plan/plan.ts";
import { judgeAlerts } from "./alerts.ts";
import type { AlertsDocument } from "./alerts-document.ts";
import { assess, examine } from "./assess.ts";
import { check } from "./check.ts";
import { expectedOf } from "./expected-alerts.ts";
import type { Recovery } from "./judge.ts";
import { judgedFaults } from "./judged-faults.ts";
import { locateLosses } from "./locate-losses.ts";
import { missedAlerts } from "./missed-alerts.ts";
import { type Observation, observationFor } from "./observation.ts";
import type { LostRange } from "./place-losses.ts";
import { nothingObserved } from "./recorded-alerts.ts";
import type { Recording } from "./recording.ts";
import type { RunDocument } from "./run-document.ts";
import { runDoubts, runRemarks } from "./run-doubts.ts";
import { judgeSites } from "./sites.ts";
import { measureLatencies, outageSeconds, recoverySeconds, secondsAfter, unseenDuring } from "./timing.ts";

/** The audit of the fault that takes a site down. */
const siteAudit = "site-b";

/**
 * Judges a run from its plan and its recording. It is pure: a stored run gives the same document as when it had just ended, byte for byte.
 */
export function judgeRun(plan: Plan, recording: Recording): RunDocument {
  const { recorded, ledger, arrivals } = recording;
  const { bounds } = plan.claim;
  const observations = recording.observations.length > 0 ? recording.observations : [observationFor(ledger)];
  const { latencyMs, late } = measureLatencies(ledger, arrivals, bounds.lateAfterSeconds);
  const recovered = recoverySeconds(ledger, arrivals, recorded.faults);
  const recovery =
    bounds.recoverySeconds === undefined ? undefined : recoveryOf(recording, recovered, observations);
  const faults = judgedFaults(plan, recorded.faults, ledger);
  const sites = sitesOf(plan, recording, observations.at(-1)!);
  const examined = examine({ ledger, observations, late });
  const lost = locateLosses(plan, recording, examined.findings);
  const alerts = alertsOf(plan, recording, lost);
  const { silence, reservations } = expectedOf(plan, alerts, examined.findings.counts.lost);
  const drill = missedAlerts(plan, alerts);
  const { findings, lostWindowSeconds, judgement } = assess(
    {
      bounds,
      ledger,
      observations,
      faults,
      doubts: runDoubts(plan, recording, observations),
      reservations: [
        ...(recorded.setAside === null ? [] : [{ code: "reading-set-aside", ...recorded.setAside } as const]),
        ...reservations,
        ...drill.reservations,
      ],
      rpo: sites ?? undefined,
      recovery,
      late,
      silence,
      missed: drill.missed,
    },
    examined,
  );
  const { verdict, reasons } = judgement;
  return {
    schema: "everyline/run@2",
    runId: recorded.runId,
    plan,
    verdict,
    reasons: verdict === "holds" ? [] : [...reasons, ...runRemarks(plan, recorded)],
    counts: findings.counts,
    lost,
    lostWindowSeconds: Number.isFinite(lostWindowSeconds) ? lostWindowSeconds : null,
    torn: findings.torn,
    kafka: kafkaOf(recording),
    sites,
    discarded: recorded.discarded,
    ...(alerts !== undefined && { alerts }),
    timeLapse: lapseOf(plan, recording),
    ...(ledger.line !== undefined && { stored: ledger.line.stored ?? null }),
    ...(recorded.notes.length > 0 && { notes: recorded.notes }),
    timings: timingsOf(recording, recovered, recovery),
    latencyMs,
    faults,
    images: recorded.images,
    environment: recorded.environment,
  };
}

function recoveryOf(
  { ledger, arrivals, recorded: { faults, readByMs } }: Recording,
  seconds: number | null,
  observations: Observation[],
): Recovery {
  return {
    seconds,
    unseen: Math.max(
      ...observations.map((observation) => unseenDuring({ ledger, arrivals, faults, observation })),
    ),
    readBySeconds: readByMs === null ? null : secondsAfter(faults, readByMs),
  };
}

/** What the alerts of a run told; undefined if none were observed. */
function alertsOf(
  plan: Plan,
  { recorded, ledger }: Recording,
  lost: LostRange[],
): AlertsDocument | undefined {
  if (!plan.alerts) return undefined;
  return judgeAlerts({ recorded: recorded.alerts ?? nothingObserved, faults: recorded.faults, lost, ledger });
}

/** The result of the loss of a site; null if it was not observed, or no acknowledged line is known. */
function sitesOf(plan: Plan, recording: Recording, final: Recording["observations"][number]) {
  const { recorded, ledger, failover } = recording;
  const loss = recorded.faults[plan.schedule.findIndex(({ audit }) => audit === siteAudit)];
  if (failover === undefined || loss === undefined || !recorded.kafka || !recorded.failover) return null;
  if (recorded.failover.acknowledged.length === 0) return null;
  return judgeSites({
    ledger,
    lostAtMs: Date.parse(loss.startedAt),
    recorded: recorded.failover,
    failover,
    topicOffsets: recorded.kafka.offsets,
    final,
  });
}

function kafkaOf({ kafka, ledger, recorded }: Recording): RunDocument["kafka"] {
  if (kafka === undefined || recorded.kafka === null) return null;
  const { records, observation, deleted, deadLetters } = kafka;
  const { gateway, retries, received } = recorded;
  const letters = [...deadLetters].map(([reason, letters]) => [reason, letters.intactCount()] as const);
  return {
    records,
    counts: check(ledger, observation).counts,
    deleted: deleted.records,
    partitions: recorded.kafka.offsets.map(({ partition, low, high }) => ({
      partition,
      logStartOffset: Number(low),
      endOffset: Number(high),
    })),
    deadLetters: Object.fromEntries(letters),
    redelivered: received === null ? null : Math.max(0, received - records),
    retries,
    answers: gateway.answers,
  };
}

function lapseOf({ timeLapse, parts }: Plan, { recorded }: Recording): RunDocument["timeLapse"] {
  if (timeLapse === null) return null;
  return {
    outageSeconds: timeLapse.outageSeconds,
    heldSeconds: rounded(outageSeconds(recorded.faults)),
    agesKafka: parts.includes("kafka"),
  };
}

function timingsOf(
  { recorded }: Recording,
  recovered: number | null,
  recovery: Recovery | undefined,
): RunDocument["timings"] {
  const { seconds, faults } = recorded;
  return {
    upSeconds: rounded(seconds.up),
    loadSeconds: rounded(seconds.load),
    outageSeconds: rounded(outageSeconds(faults)),
    recoverySeconds: recovered,
    ...(recovery !== undefined && recovery.unseen > 0 && { readBySeconds: recovery.readBySeconds }),
    readSeconds: rounded(seconds.read),
    totalSeconds: rounded(seconds.total),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
