/**
 * What is known about the lines of a run up to the first part of which every single line is known: Kafka if there is one, otherwise the
 * sink. All numbers include sentinels.
 */
export interface Passage {
  /** Written to the sources' files. */
  written: number;
  lost: number;
  /** The shipper's counters of lines that it read, dropped, and had acknowledged. */
  read: number;
  dropped: number;
  sent: number;
  /** Whether the shipper was at the end of every file when the run ended: then it has read every line at least once. */
  isReadToEnd: boolean;
  /** Whether the shipper's process was ended: then its last counts were lost with it, and all three are lower bounds. */
  shipperWasEnded: boolean;
  /** What that part contains, including repeated copies. */
  held: number;
  /** How many lines the part before it acknowledged, repetitions included, if it counted all the time. */
  acknowledged?: number;
}

/**
 * The last part that is known to have had the lost lines. `receiver` is the part that acknowledged them to the shipper. `unknown` means
 * that the numbers allow more than one answer.
 */
export type LossPlace = "source" | "shipper" | "receiver" | "unknown";

/**
 * Determines where lines were lost from the counters of the parts. The counters are not exact, for example a partial refusal is counted as
 * a complete one. So a place is named only if the numbers allow no other.
 */
export function placeLoss(passage: Passage): LossPlace {
  const { written, lost, read, dropped, sent, isReadToEnd, held, acknowledged, shipperWasEnded } = passage;
  if (lost === 0) return "unknown";
  // The maximum number of acknowledged lines if every acknowledged line arrived. Copies and altered lines are also in `held`, but they must
  // not hide missing lines. Only a shipper that was ended sends lines twice, so only then may copies be acknowledged lines.
  const arrived = shipperWasEnded ? held : written - lost;
  // Everything that the gateway acknowledged is there, so the missing lines were never acknowledged, unless something in front of it
  // acknowledged lines to the shipper and did not forward them.
  if (acknowledged === held && sent <= arrived && isReadToEnd) return "shipper";
  if (shipperWasEnded) return "unknown";
  if (dropped === 0 && read + lost <= written) return "source";
  if (dropped === lost && read >= written) return "shipper";
  // Every line was read once and every entry acknowledged.
  if (dropped === 0 && read === written && sent === written) return "receiver";
  if (dropped === 0 && sent <= arrived && read >= written) return "shipper";
  // A shipper that had more acknowledged than it read sent lines again, as Promtail does once its write-ahead log is damaged, and they may
  // stand for the missing ones in its count.
  if (dropped === 0 && sent >= held + lost && sent <= read) return "receiver";
  return "unknown";
}
