import { z } from "zod";
import { goDurationMs } from "../base/duration.ts";
import { type Backoff, longestSilenceMs } from "./retry-horizon.ts";

/** How long a shipper waits between retries, by its own configuration. */
export interface ShipperPatience {
  /** One for each target that it sends to. */
  backoffs: Backoff[];
  /** How long lines may wait for their batch to fill. */
  batchWaitMs: number;
}

/** A Go duration in a configuration, as milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/)
  .transform(goDurationMs);

/** By the pipeline's files, if the shipper of a fixture is known from them. */
export function patienceFrom(backoff: Backoff): ShipperPatience {
  // In all of them a batch waits for a second, which their quiet time includes.
  return { backoffs: [backoff], batchWaitMs: 0 };
}

/**
 * How long a shipper may be silent after an outage although it has dropped nothing. Because backoffs double, a shipper whose retries are not
 * known is silent for no longer than twice what it has waited.
 *
 * @param disturbedMs how long it may have been refused
 */
export function silenceMs(patience: ShipperPatience | undefined, disturbedMs: number): number {
  if (patience === undefined) return 2 * disturbedMs;
  const silences = patience.backoffs.map((backoff) => longestSilenceMs(backoff, disturbedMs));
  return Math.max(...silences) + patience.batchWaitMs;
}
