import type { Ledger } from "../load/ledger.ts";
import type { Observation } from "./observation.ts";
import type { ReadingDoubt } from "./reasons.ts";
import type { Recorded } from "./recorded.ts";

/** When each line was first seen readable. */
export interface ArrivalTimes {
  /** In Unix milliseconds; undefined if it was not seen. */
  atMs(source: string, sequence: number): number | undefined;
}

/** All that was ever seen to lie in Kafka. */
export interface KafkaRecording {
  records: number;
  observation: Observation;
  /** Of the records those that Kafka had deleted by the end, because its retention was over. */
  deleted: { records: number; observation: Observation };
  /** What the consumer laid aside, by the reason it gave. */
  deadLetters: ReadonlyMap<string, Observation>;
}

/** What was seen when the first of two sites was lost and nothing more came. */
export interface FailoverRecording {
  /** All that was readable in the second site. */
  observation: Observation;
  /** The lines of the records that the first site had acknowledged, as its topic tells after its return. */
  acknowledged: Observation;
}

/** Everything that a run observed. */
export interface Recording {
  recorded: Recorded;
  ledger: Ledger;
  arrivals: ArrivalTimes;
  /** One a completed reading of the sink. */
  observations: Observation[];
  /** Undefined where there is no Kafka, or it could not be read. */
  kafka: KafkaRecording | undefined;
  /** Undefined where no site was lost, or Kafka could not be read. */
  failover: FailoverRecording | undefined;
  /** Files of the recording that are not as the run wrote them. */
  damage: ReadingDoubt[];
}
