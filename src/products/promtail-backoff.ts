import type { Document } from "yaml";
import { goDurationMs } from "../base/duration.ts";
import { type Backoff, documentedBackoff } from "./retry-horizon.ts";

/** Where a Promtail configuration has its first client. */
export const clientPath = ["clients", 0];
/** Where that client's retries are. */
export const backoffPath = [...clientPath, "backoff_config"];

/**
 * The backoff of a Promtail configuration's first client. What the file leaves open is Promtail 3.6.4's default (`client/config.go`), the
 * same as the document's.
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
