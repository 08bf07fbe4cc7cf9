import { entriesOf, type Ledger } from "../load/ledger.ts";
import type { Arrivals } from "../observe/arrivals.ts";
import { hits, type PartName, type Pipeline } from "../pipeline/pipeline.ts";
import { describeLapse, type TimeLapse } from "../plan/time-lapse.ts";
import type { GatewayTotals } from "../products/gateway-totals.ts";
import { droppedInAll, type ShipperTotals } from "../products/shipper-totals.ts";
import type { KafkaReading } from "../run/kafka-side.ts";
import type { RunRequest } from "../run/run-request.ts";
import { assess } from "./assess.ts";
import { check, type Findings } from "./check.ts";
import type { Observation } from "./observation.ts";
import { type LossPlace, type Passage, placeLoss } from "./place-loss.ts";
import { type LostRange, type Place, placeLosses } from "./place-losses.ts";
import type { FaultRecord, RunDocument } from "./run-document.ts";
import { measureLatencies, outageSeconds, recoverySeconds } from "./timing.ts";

/** Everything a run found out. */
export interface Measured {
  ledger: Ledger;
  faults: FaultRecord[];
  /** One a completed reading. */
  observations: Observation[];
  /** Why the counts cannot be trusted. */
  doubts: string[];
  /** What belongs to a verdict that is not `holds` without leading to it. */
  remarks: string[];
  arrivals: Arrivals;
  shipper: ShipperTotals;
  /** Whether the shipper had come to the end of every file, and no file was rotated away from under it. */
  isReadToEnd: boolean;
  gateway: GatewayTotals;
  /** How often the consumer tried a push again, by status. */
  retries: Record<string, number>;
  /** Lines that the sink refused, by its own reasons. */
  discarded?: Record<string, number>;
  lapse?: TimeLapse | undefined;
  /** What the run had otherwise than the user, on purpose: a line each. */
  notes?: readonly string[];
  sites?: RunDocument["sites"] | undefined;
  kafka?: KafkaMeasured | undefined;
  images: RunDocument["images"];
  environment: RunDocument["environment"];
  seconds: { up: number; load: number; read: number; total: number };
}

/** What lies in Kafka, and how many lines the sink took in from there, where it has counted throughout. */
export interface KafkaMeasured extends KafkaReading {
  received: number | undefined;
}

/** Judges what a run found out and puts it into the form that reports are made of. */
export function conclude(request: RunRequest, measured: Measured): RunDocument {
  const { ledger, faults, arrivals, seconds, notes = [] } = measured;
  const { claim } = request;
  const { latencyMs, late } = measureLatencies(ledger, arrivals, claim.bounds.lateAfterSeconds);
  const doubts = doubtsOf(measured);
  const { findings, judgement } = assess({
    ...measured,
    doubts,
    bounds: claim.bounds,
    rpo: measured.sites ?? undefined,
    late,
  });
  return {
    schema: "everyline/run@1",
    runId: request.runId,
    scenario: request.scenario.name,
    pipeline: request.pipeline.name,
    layout: request.pipeline.layout,
    sink: request.pipeline.sink.kind,
    seed: request.seed,
    variables: request.scenario.variables ?? {},
    timeLapse: lapseOf(measured, request.pipeline),
    ...(notes.length > 0 && { notes: [...notes] }),
    verdict: judgement.verdict,
    reasons: judgement.verdict === "holds" ? [] : [...judgement.reasons, ...measured.remarks],
    claim: { id: claim.id, text: claim.text, bounds: claim.bounds },
    counts: findings.counts,
    lost: lossesOf(findings, measured, request.pipeline),
    torn: findings.torn,
    kafka: kafkaOf(measured),
    sites: measured.sites ?? null,
    discarded: measured.discarded ?? {},
    timings: {
      upSeconds: rounded(seconds.up),
      loadSeconds: rounded(seconds.load),
      outageSeconds: rounded(outageSeconds(faults)),
      recoverySeconds: recoverySeconds(ledger, arrivals, faults),
      readSeconds: rounded(seconds.read),
      totalSeconds: rounded(seconds.total),
    },
    latencyMs,
    faults,
    images: measured.images,
    environment: measured.environment,
  };
}

/** Why the counts cannot be trusted, by what was seen while reading and by what does not fit together. */
export function doubtsOf(measured: Measured): string[] {
  return [...measured.doubts, ...contradictionOf(measured)];
}

/** A line cannot be in the sink without having been in Kafka; if one seems to, a reading is wrong. */
function contradictionOf({ ledger, observations, kafka }: Measured): string[] {
  if (kafka === undefined) return [];
  let lines = 0;
  for (const { source, written } of ledger.sources) {
    for (let sequence = 1; sequence <= written; sequence++) {
      if (kafka.observation.isDelivered(source, sequence)) continue;
      if (observations.some((observation) => observation.isDelivered(source, sequence))) lines++;
    }
  }
  return lines === 0 ? [] : [`${lines} lines were read from Loki that were not read from Kafka.`];
}

function lossesOf(findings: Findings, measured: Measured, pipeline: Pipeline): LostRange[] {
  const { kafka, ledger } = measured;
  if (kafka === undefined) {
    const { lost, duplicated } = findings.counts;
    const missing = lost + tornMissing(findings);
    const held = entriesOf(ledger) - missing + duplicated;
    const place = placeOfLoss(measured, pipeline, missing, held);
    const hop = hopOf(place, measured);
    const reason = hop === "sink" ? refusalOf(measured, pipeline, missing) : undefined;
    return placeLosses(findings.lost, () => (reason === undefined ? { hop } : { hop, reason }));
  }
  const inKafka = check(ledger, kafka.observation);
  const missing = inKafka.counts.lost + tornMissing(inKafka);
  const hop = hopOf(placeOfLoss(measured, pipeline, missing, kafka.records), measured);
  const letters = [...kafka.deadLetters];
  const placeOf = (source: string, sequence: number): Place => {
    const reason = letters.find(([, observation]) => observation.isDelivered(source, sequence))?.[0];
    if (reason !== undefined) return { hop: "consumer", reason: `dead-lettered: ${reason}` };
    if (kafka.deleted.observation.isDelivered(source, sequence))
      return { hop: "kafka", reason: "deleted by Kafka's retention" };
    return { hop: kafka.observation.isDelivered(source, sequence) ? "kafka" : hop };
  };
  return placeLosses(findings.lost, placeOf);
}

/** Why the sink does not have what it had acknowledged, where it has counted throughout that it refused just as many lines. */
function refusalOf(
  { discarded = {}, faults }: Measured,
  pipeline: Pipeline,
  lost: number,
): string | undefined {
  const refused = Object.values(discarded).reduce((sum, lines) => sum + lines, 0);
  const wasEnded = faults.some(({ target }) => hits(pipeline, target, "sink"));
  if (wasEnded || refused !== lost) return undefined;
  return `acknowledged, though refused: ${Object.keys(discarded).join(", ")}`;
}

/** What crashes left at the source is on its way, too, though it is no line. */
function tornMissing({ torn }: Findings): number {
  return torn.filter(({ arrived }) => !arrived).length;
}

/** By what the shipper counts; one of the user's own is asked for nothing. */
function placeOfLoss(measured: Measured, pipeline: Pipeline, lost: number, held: number): LossPlace {
  if (pipeline.shipper.config === undefined) return "unknown";
  return placeLoss(passageOf(measured, pipeline, lost, held));
}

/** The way of the lines up to the place at which every one is accounted for. */
function passageOf(
  { ledger, shipper, gateway, faults, isReadToEnd }: Measured,
  pipeline: Pipeline,
  lost: number,
  held: number,
): Passage {
  const written = entriesOf(ledger);
  const wasEnded = (part: PartName) => faults.some(({ target }) => hits(pipeline, target, part));
  const hasCounted = gateway.acknowledged > 0 && !wasEnded("gateway");
  return {
    written,
    lost,
    read: shipper.read,
    dropped: droppedInAll(shipper),
    sent: shipper.sent,
    isReadToEnd,
    held,
    shipperWasEnded: wasEnded("shipper"),
    ...(hasCounted ? { acknowledged: gateway.acknowledged } : {}),
  };
}

function hopOf(place: LossPlace, { kafka }: Measured): string {
  if (place !== "receiver") return place;
  return kafka === undefined ? "sink" : "gateway";
}

function kafkaOf({ kafka, ledger, gateway, retries }: Measured): RunDocument["kafka"] {
  if (kafka === undefined) return null;
  const { records, offsets, observation, deleted, deadLetters, received } = kafka;
  const letters = [...deadLetters].map(([reason, letters]) => [reason, letters.intactCount()] as const);
  return {
    records,
    counts: check(ledger, observation).counts,
    deleted: deleted.records,
    partitions: offsets.map(({ partition, low, high }) => ({
      partition,
      logStartOffset: Number(low),
      endOffset: Number(high),
    })),
    deadLetters: Object.fromEntries(letters),
    redelivered: received === undefined ? null : Math.max(0, received - records),
    retries,
    answers: gateway.answers,
  };
}

function lapseOf({ lapse, faults }: Measured, { kafka }: Pipeline): RunDocument["timeLapse"] {
  if (lapse === undefined) return null;
  const { outageSeconds: ofLapse } = lapse;
  return {
    outageSeconds: ofLapse,
    heldSeconds: rounded(outageSeconds(faults)),
    how: describeLapse(lapse, kafka !== undefined),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
