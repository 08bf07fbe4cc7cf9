import { z } from "zod";
import { goDurationMs } from "../base/duration.ts";
import { type Backoff, longestSilenceMs } from "./retry-horizon.ts";

/** How long a shipper waits between retries, by its own configuration. */
export interface ShipperPatience {
  /** One for each target that it sends to; none for files. */
  backoffs: Backoff[];
  /** How long lines may wait for their batch to fill. */
  batchWaitMs: number;
}

/** A Go duration in a configuration, as milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/)
  .transform(goDurationMs);

/** The patience of a fixture's shipper, from the backoff in the pipeline's files. */
export function patienceFrom(backoff: Backoff): ShipperPatience {
  // In all fixtures a batch waits for one second, which the pipeline's `quietSeconds` includes.
  return { backoffs: [backoff], batchWaitMs: 0 };
}

/**
 * How long a shipper may be silent after an outage although it has dropped nothing. A shipper whose retries are not known is assumed to
 * double its waits, so it is silent for at most twice the time that it has waited so far.
 *
 * @param disturbedMs how long the sink may have refused its pushes
 */
export function silenceMs(patience: ShipperPatience | undefined, disturbedMs: number): number {
  if (patience === undefined) return 2 * disturbedMs;
  const silences = patience.backoffs.map((backoff) => longestSilenceMs(backoff, disturbedMs));
  return Math.max(0, ...silences) + patience.batchWaitMs;
}
