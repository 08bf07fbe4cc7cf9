/**
 * What is known about the way of a run's lines up to the next part in which every single line is known: Kafka if there is
 * one, otherwise the sink. All numbers count lines and entries, including sentinels.
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
 * How far lost lines came: the last part known to have had them. `receiver` is the part that acknowledged them to the
 * shipper; `unknown` if the numbers do not decide.
 */
export type LossPlace = "source" | "shipper" | "receiver" | "unknown";

/**
 * Places a loss by the parts' own counters. These are a hint and no proof: a partial refusal, for one, is counted as a whole.
 * So a place is named only if the numbers allow no other.
 */
export function placeLoss(passage: Passage): LossPlace {
  const { written, lost, read, dropped, sent, isReadToEnd, held, acknowledged, shipperWasEnded } = passage;
  if (lost === 0) return "unknown";
  // How many lines were acknowledged to the shipper at the most, if every one of them arrived. Copies and altered lines are held as well, but
  // they must not stand for lines that are missing. Only a shipper that was ended reads and sends lines twice: its copies are acknowledged, too.
  const arrived = shipperWasEnded ? held : written - lost;
  // Everything that was acknowledged is there, copy for copy, so missing lines were never acknowledged; unless something else acknowledged
  // lines to the shipper and did not forward them.
  if (acknowledged === held && sent <= arrived && isReadToEnd) return "shipper";
  if (shipperWasEnded) return "unknown";
  if (dropped === 0 && read + lost <= written) return "source";
  if (dropped === lost && read >= written) return "shipper";
  // Every line was read once and every entry acknowledged.
  if (dropped === 0 && read === written && sent === written) return "receiver";
  if (dropped === 0 && sent <= arrived && read >= written) return "shipper";
  if (dropped === 0 && sent >= held + lost) return "receiver";
  return "unknown";
}
