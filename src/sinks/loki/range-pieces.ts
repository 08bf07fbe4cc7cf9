import { ReadError } from "../../base/read-error.ts";
import type { TimeRange } from "../time-range.ts";

const maxPieces = 10_000n;
const nanosPerMs = 1_000_000n;

/**
 * Splits a range into pieces that are no longer than allowed, in order.
 *
 * @throws ReadError if that takes too many queries
 */
export function piecesOf({ startNs, endNs }: TimeRange, longestMs: number | undefined): TimeRange[] {
  const length = longestMs === undefined ? endNs - startNs : BigInt(longestMs) * nanosPerMs;
  if (endNs - startNs <= length) return [{ startNs, endNs }];
  if ((endNs - startNs) / length > maxPieces)
    throw new ReadError({
      code: "range-limited",
      sink: "loki",
      limits: ["max_query_length", "max_query_range"],
      longestMs: longestMs!,
      rangeSeconds: Number((endNs - startNs) / nanosPerMs / 1_000n),
    });
  const pieces: TimeRange[] = [];
  for (let fromNs = startNs; fromNs < endNs; fromNs += length)
    pieces.push({ startNs: fromNs, endNs: fromNs + length < endNs ? fromNs + length : endNs });
  return pieces;
}
