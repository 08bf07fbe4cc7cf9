import type { SequenceRange } from "./check.ts";
import type { RunDocument } from "./run-document.ts";

export type LostRange = RunDocument["lost"][number];

/** Where one line was lost, and why, if the part that had it last gives a reason. */
export type Place = Pick<LostRange, "hop" | "reason">;

/** Lost ranges with the place of every line; a range whose lines were lost in several places becomes several. */
export function placeLosses(
  lost: SequenceRange[],
  placeOf: (source: string, sequence: number) => Place,
): LostRange[] {
  const placed: LostRange[] = [];
  for (const { source, from, to } of lost) {
    for (let sequence = from; sequence <= to; sequence++) {
      const place = placeOf(source, sequence);
      const last = placed.at(-1);
      const continues = last?.source === source && last.to === sequence - 1;
      if (continues && last.hop === place.hop && last.reason === place.reason) last.to = sequence;
      else placed.push({ source, from: sequence, to: sequence, ...place });
    }
  }
  return placed;
}
