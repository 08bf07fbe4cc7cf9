import type { RunDocument } from "../judge/run-document.ts";
import { describeMountNote } from "../places/mount-note.ts";
import {
  describeBounds,
  describeCounts,
  describeDiscarded,
  describeImages,
  describeKafka,
  describeLatency,
  describeLost,
  describeRecovery,
  describeSites,
  describeTimeLapse,
  describeTimings,
} from "./describe.ts";
import { describeLines } from "./describe-lines.ts";
import { describeTorn } from "./describe-torn.ts";
import { describeAlerts, describeBlindSpot, describeNotice } from "./words/alert-words.ts";
import { describeFaultEvidence } from "./words/evidence-words.ts";
import { describeReasons } from "./words/reason-words.ts";

const maxBlindSpots = 5;

/** What a fact is about, in the order in which a run is told of. */
export const factNames = [
  "claim",
  "pipeline",
  "lines",
  "promised",
  "started with",
  "measured",
  "fault",
  "time",
  "sites",
  "kafka",
  "refused",
  "torn at the source",
  "lost",
  "noticed",
  "alert",
  "alerts not seen",
  "recovery",
  "latency",
  "took",
  "images",
  "verdict",
  "reason",
] as const;

export type FactName = (typeof factNames)[number];

/** One thing that is to be told of a run, in words. Of some names there are several, of some none. */
export interface Fact {
  name: FactName;
  text: string;
}

/** How many of what there may be many of a format has room for. */
export interface FactLimits {
  lostRanges: number;
  tornLines: number;
  alerts: number;
}

/** Everything that reports tell of a run, once for all formats: each lays out those of it that it has a place for. */
export function factsOf(run: RunDocument, { lostRanges, tornLines, alerts }: FactLimits): Fact[] {
  const { claim, pipeline, layout } = run.plan;
  const texts: Record<FactName, (string | undefined)[]> = {
    claim: [`${claim.id}: ${claim.text}`],
    pipeline: [`${pipeline}, layout ${layout}`],
    lines: [describeLines(run)],
    promised: [describeBounds(claim.bounds)],
    "started with": (run.notes ?? []).map(describeMountNote),
    measured: [describeCounts(run)],
    fault: run.faults.map(describeFault),
    time: [describeTimeLapse(run)],
    sites: [describeSites(run)],
    kafka: [describeKafka(run)],
    refused: [describeDiscarded(run)],
    "torn at the source": describeTorn(run.torn, tornLines),
    lost: describeLost(run, lostRanges),
    noticed: run.alerts === undefined ? [] : [describeNotice(run.alerts)],
    alert: run.alerts === undefined ? [] : describeAlerts(run.alerts, alerts),
    "alerts not seen":
      run.alerts?.blindSpots.slice(0, maxBlindSpots).map((spot) => `${describeBlindSpot(spot)}.`) ?? [],
    recovery: [describeRecovery(run)],
    latency: [describeLatency(run)],
    took: [describeTimings(run)],
    images: [describeImages(run)],
    verdict: [run.verdict],
    reason: describeReasons(run),
  };
  return factNames.flatMap((name) =>
    texts[name].flatMap((text) => (text === undefined ? [] : [{ name, text }])),
  );
}

/** The texts of the facts of one name. */
export function textsOf(facts: Fact[], name: FactName): string[] {
  return facts.filter((fact) => fact.name === name).map(({ text }) => text);
}

function describeFault(fault: RunDocument["faults"][number]): string {
  const { kind, target, effective } = fault;
  return `${kind} ${target}${effective ? "" : " (NOT EFFECTIVE)"}: ${describeFaultEvidence(fault)}`;
}
