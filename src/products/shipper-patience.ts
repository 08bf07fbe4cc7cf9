import { z } from "zod";
import { goDurationMs } from "../base/duration.ts";
import type { Backoff } from "../plan/retry-horizon.ts";

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
