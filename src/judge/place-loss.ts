/**
 * What is known of the way of a run's lines up to the next place at which every single one is accounted for: Kafka where there is
 * one, else Loki. All numbers count lines and entries, sentinels included.
 */
export interface Passage {
  /** Written to the sources' files. */
  written: number;
  lost: number;
  /** What the shipper says it read, gave up and had acknowledged. */
  read: number;
  dropped: number;
  sent: number;
  /** Whether the shipper stood at the end of every file when the run ended: then it has read every line once at least. */
  isReadToEnd: boolean;
  /** Whether the shipper's process was ended: then its last counts went with it, and all three are lower bounds. */
  shipperWasEnded: boolean;
  /** What the place holds, repeated copies included. */
  held: number;
  /** What the part before that place acknowledged, as often as it did, where it counted throughout. */
  acknowledged?: number;
}

/**
 * How far lines came that were lost: the last part known to have had them, where `receiver` is whoever acknowledged them to the
 * shipper; `unknown` where the numbers do not tell.
 */
export type LossPlace = "source" | "shipper" | "receiver" | "unknown";

/**
 * Places a loss by what the parts count of themselves. That is a hint and no proof: a partial refusal, for one, is counted whole.
 * So a place is named only where the numbers leave no other.
 */
export function placeLoss(passage: Passage): LossPlace {
  const { written, lost, read, dropped, sent, isReadToEnd, held, acknowledged, shipperWasEnded } = passage;
  if (lost === 0) return "unknown";
  // All that was acknowledged is there, copy for copy, so what is missing never was; unless something else acknowledged to the shipper
  // what it kept to itself.
  if (acknowledged === held && sent <= held && isReadToEnd) return "shipper";
  if (shipperWasEnded) return "unknown";
  if (dropped === 0 && read + lost <= written) return "source";
  if (dropped === lost && read >= written) return "shipper";
  // Every line was read once and every entry acknowledged.
  if (dropped === 0 && read === written && sent === written) return "receiver";
  if (dropped === 0 && sent <= held && read >= written) return "shipper";
  if (dropped === 0 && sent >= held + lost) return "receiver";
  return "unknown";
}
