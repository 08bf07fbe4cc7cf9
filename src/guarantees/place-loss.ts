/** What is known of the way of a run's lines, in numbers of lines and entries. */
export interface Passage {
  /** Written to the sources' files, sentinels included. */
  written: number;
  lost: number;
  /** What the shipper says it read, gave up and had acknowledged. */
  read: number;
  dropped: number;
  sent: number;
  /** What Loki holds, repeated copies and sentinels included. */
  held: number;
  /** Whether the shipper's process was ended: then its last counts went with it, and all three are lower bounds. */
  shipperWasEnded: boolean;
}

/** The hop at which lines were lost: the last one known to have had them; `unknown` where the numbers do not tell. */
export type LossHop = "source" | "shipper" | "loki" | "unknown";

/**
 * Places a loss by the shipper's own counters. They are a hint and no proof: a partial refusal, for one, is counted whole. So a
 * hop is named only where the numbers leave no other.
 */
export function placeLoss({ written, lost, read, dropped, sent, held, shipperWasEnded }: Passage): LossHop {
  if (lost === 0 || shipperWasEnded) return "unknown";
  if (dropped === 0 && read + lost <= written) return "source";
  if (dropped === lost && read >= written) return "shipper";
  if (dropped === 0 && sent <= held && read >= written) return "shipper";
  if (dropped === 0 && sent >= held + lost) return "loki";
  return "unknown";
}
