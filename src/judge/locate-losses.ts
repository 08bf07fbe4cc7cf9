import { deletesRecords } from "../faults/effects.ts";
import { entriesOf } from "../load/ledger.ts";
import type { Plan } from "../plan/plan.ts";
import { check, type Findings } from "./check.ts";
import { faultsThatEnded } from "./faults-that-ended.ts";
import { type LossPlace, type Passage, placeLoss } from "./place-loss.ts";
import { type LostRange, type Place, placeLosses } from "./place-losses.ts";
import type { Recorded } from "./recorded.ts";
import type { KafkaRecording, Recording } from "./recording.ts";

/** All lost lines, each with the last part of the pipeline that is known to have had it. */
export function locateLosses(plan: Plan, recording: Recording, findings: Findings): LostRange[] {
  const { kafka } = recording;
  return kafka === undefined
    ? locateWithoutKafka(plan, recording, findings)
    : locateWithKafka(plan, recording, findings, kafka);
}

function locateWithoutKafka(plan: Plan, recording: Recording, findings: Findings): LostRange[] {
  const { lost, duplicated } = findings.counts;
  const missing = lost + tornMissing(findings);
  const held = entriesOf(recording.ledger) - missing + duplicated;
  const place = placeOfLoss(plan, recording, missing, held);
  const hop = place === "receiver" ? sinkOf(plan) : place;
  const reason = place === "receiver" ? refusalOf(plan, recording.recorded, missing) : undefined;
  return placeLosses(findings.lost, () => (reason === undefined ? { hop } : { hop, reason }));
}

function locateWithKafka(
  plan: Plan,
  recording: Recording,
  { lost }: Findings,
  kafka: KafkaRecording,
): LostRange[] {
  const inKafka = check(recording.ledger, kafka.observation);
  const missing = inKafka.counts.lost + tornMissing(inKafka);
  const place = placeOfLoss(plan, recording, missing, kafka.records);
  const hop = place === "receiver" ? "gateway" : place;
  const letters = [...kafka.deadLetters];
  const deletedBy = plan.schedule.some(deletesRecords) ? "a fault" : "Kafka's retention";
  const placeOf = (source: string, sequence: number): Place => {
    const reason = letters.find(([, observation]) => observation.isDelivered(source, sequence))?.[0];
    if (reason !== undefined) return { hop: "consumer", reason: `dead-lettered: ${reason}` };
    if (kafka.deleted.observation.isDelivered(source, sequence))
      return { hop: "kafka", reason: `deleted by ${deletedBy}` };
    return { hop: kafka.observation.isDelivered(source, sequence) ? "kafka" : hop };
  };
  return placeLosses(lost, placeOf);
}

/** Why the sink lacks lines that it acknowledged: it counted as many refused lines, and no fault ended it, so that it counted all of them. */
function refusalOf(plan: Plan, recorded: Recorded, lost: number): string | undefined {
  const { discarded } = recorded;
  const refused = Object.values(discarded).reduce((sum, lines) => sum + lines, 0);
  if (wasEnded(plan, recorded, sinkOf(plan)) || refused !== lost) return undefined;
  return `acknowledged, though refused: ${Object.keys(discarded).join(", ")}`;
}

/** Partial lines pass through the pipeline as well, so the counters of the parts include them. */
function tornMissing({ torn }: Findings): number {
  return torn.filter(({ arrived }) => !arrived).length;
}

/** Places a loss by the counters of the shipper. A shipper whose configuration is not known may also count other files. */
function placeOfLoss(plan: Plan, recording: Recording, lost: number, held: number): LossPlace {
  if (plan.retries === null) return "unknown";
  return placeLoss(passageOf(plan, recording, lost, held));
}

/** The counts of the parts up to the first part of which every line is known. */
function passageOf(plan: Plan, { ledger, recorded }: Recording, lost: number, held: number): Passage {
  const { shipper, gateway, isReadToEnd } = recorded;
  const hasCounted = gateway.acknowledged > 0 && !wasEnded(plan, recorded, "gateway");
  return {
    written: entriesOf(ledger),
    lost,
    read: shipper.read,
    dropped: Object.values(shipper.dropped).reduce((sum, entries) => sum + entries, 0),
    sent: shipper.sent,
    isReadToEnd,
    held,
    shipperWasEnded: wasEnded(plan, recorded, "shipper"),
    ...(hasCounted ? { acknowledged: gateway.acknowledged } : {}),
  };
}

function wasEnded(plan: Plan, { faults }: Recorded, part: string): boolean {
  return faultsThatEnded(plan, faults, part).length > 0;
}

/** The part that lines are read back from. */
function sinkOf({ parts }: Plan): string {
  return parts.at(-1)!;
}
