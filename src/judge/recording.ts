import type { Ledger } from "../load/ledger.ts";
import type { Observation } from "./observation.ts";
import type { ReadingDoubt } from "./reasons.ts";
import type { Recorded } from "./recorded.ts";

/** When each line was first seen readable. */
export interface ArrivalTimes {
  /** In Unix milliseconds; undefined if it was not seen. */
  atMs(source: string, sequence: number): number | undefined;
}

/** All records that were ever seen in Kafka. */
export interface KafkaRecording {
  records: number;
  observation: Observation;
  /** Those of the records that were deleted by the end, by Kafka's retention or by a fault. */
  deleted: { records: number; observation: Observation };
  /** The dead letters of the consumer, by its reason. */
  deadLetters: ReadonlyMap<string, Observation>;
}

/** What was observed when the first of two sites was lost and no more lines arrived. */
export interface FailoverRecording {
  /** Everything that was readable in the second site. */
  observation: Observation;
  /** The lines of the records that the first site had acknowledged, as read from its topic after its return. */
  acknowledged: Observation;
}

/** Everything that a run observed. */
export interface Recording {
  recorded: Recorded;
  ledger: Ledger;
  arrivals: ArrivalTimes;
  /** One for each completed reading of the sink. */
  observations: Observation[];
  /** Undefined if there is no Kafka, or it could not be read. */
  kafka: KafkaRecording | undefined;
  /** Undefined if no site was lost, or Kafka could not be read. */
  failover: FailoverRecording | undefined;
  /** Files of the recording that are not as the run wrote them. */
  damage: ReadingDoubt[];
}
