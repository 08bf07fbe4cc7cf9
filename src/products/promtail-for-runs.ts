import type { Document, YAMLMap, YAMLSeq } from "yaml";
import { goDurationMs, goDurationOf } from "../base/duration.ts";
import { type Backoff, documentedBackoff, scaleBackoff } from "./retry-horizon.ts";
import type { SettingsForRuns } from "./shipper-configuration.ts";

const clientPath = ["clients", 0];
const backoffPath = [...clientPath, "backoff_config"];

/** What runs read and change in a Promtail configuration: the backoff of its first client, and the stages of its jobs. */
export const promtailForRuns: SettingsForRuns = {
  backoffIn,
  scaleBackoff(configuration, factor) {
    const { minPeriodMs, maxPeriodMs, tryTimeoutMs } = scaleBackoff(backoffIn(configuration), factor);
    configuration.setIn([...backoffPath, "min_period"], goDurationOf(minPeriodMs));
    configuration.setIn([...backoffPath, "max_period"], goDurationOf(maxPeriodMs));
    configuration.setIn([...clientPath, "timeout"], goDurationOf(tryTimeoutMs));
  },
  stampWithLineTime(configuration) {
    const jobs = configuration.get("scrape_configs") as YAMLSeq<YAMLMap>;
    for (const job of jobs.items) {
      const stages = (job.toJSON().pipeline_stages ?? []) as Record<string, unknown>[];
      if (stages.some((stage) => "timestamp" in stage)) continue;
      const added = [
        { json: { expressions: { time: "time" } } },
        { timestamp: { source: "time", format: "RFC3339Nano" } },
      ];
      job.set("pipeline_stages", configuration.createNode([...stages, ...added]));
    }
  },
};

/** Missing settings have the defaults of Promtail 3.6.4 (`client/config.go`), which are the same as in the reference architecture. */
function backoffIn(configuration: Document): Backoff {
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
