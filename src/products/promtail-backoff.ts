import type { Document } from "yaml";
import { goDurationMs } from "../base/duration.ts";
import { type Backoff, documentedBackoff } from "./retry-horizon.ts";

/** The path of the first client in a Promtail configuration. */
export const clientPath = ["clients", 0];
/** The path of that client's retry settings. */
export const backoffPath = [...clientPath, "backoff_config"];

/**
 * The backoff of the first client in a Promtail configuration. Missing settings have the defaults of Promtail 3.6.4 (`client/config.go`),
 * which are the same as in the reference architecture.
 */
export function backoffIn(configuration: Document): Backoff {
  const durationAt = (keys: (string | number)[], defaultMs: number) => {
    const text = configuration.getIn(keys);
    return text === undefined ? defaultMs : goDurationMs(String(text));
  };
  return {
    minPeriodMs: durationAt([...backoffPath, "min_period"], documentedBackoff.minPeriodMs),
    maxPeriodMs: durationAt([...backoffPath, "max_period"], documentedBackoff.maxPeriodMs),
    maxRetries: Number(configuration.getIn([...backoffPath, "max_retries"]) ?? documentedBackoff.maxRetries),
    tryTimeoutMs: durationAt([...clientPath, "timeout"], documentedBackoff.tryTimeoutMs),
  };
}
