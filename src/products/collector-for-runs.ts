import type { Document } from "yaml";
import { goDurationMs, goDurationOf } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";
import { collectorPatience, fileExporterName, fileReceiverName } from "./collector-patience.ts";
import { recordOf } from "./log-stages.ts";
import { scaleTryTimeout } from "./retry-horizon.ts";
import type { SettingsForRuns } from "./shipper-configuration.ts";

const retry = "retry_on_failure";
/** The times of retries, with the Collector's defaults (0.158): `configretry` of exporters, `consumerretry` of receivers of files. */
const ofExporters = { initial_interval: "5s", max_interval: "30s", max_elapsed_time: "5m" };
const ofReceivers = { ...ofExporters, initial_interval: "1s" };
const exporterTimeout = "30s";

/** The operators that take the timestamp of an entry from the `time` of a line, and leave nothing else behind. */
const lineTimeOperators = [
  {
    type: "regex_parser",
    if: `body matches '"time":"[^"]+"'`,
    parse_from: "body",
    regex: '"time":"(?P<line_time>[^"]+)"',
    parse_to: "attributes",
    timestamp: {
      parse_from: "attributes.line_time",
      layout_type: "gotime",
      layout: "2006-01-02T15:04:05.999999999Z07:00",
    },
  },
  { type: "remove", if: "attributes.line_time != nil", field: "attributes.line_time" },
];

/** What runs read and change in a configuration of the OpenTelemetry Collector: the retries of its exporters, and the operators of its receivers of files. */
export const collectorForRuns: SettingsForRuns = {
  backoffIn(configuration) {
    const [backoff] = collectorPatience(configuration.toJSON())?.backoffs ?? [];
    if (backoff !== undefined) return backoff;
    throw new UsageError(
      "expected an exporter that sends to the sink, with durations such as 30s, in the Collector's configuration; found none, or a setting that is no duration.",
    );
  },
  scaleBackoff(configuration, factor) {
    const { exporters, receivers } = recordOf(configuration.toJSON());
    for (const name of Object.keys(recordOf(exporters))) {
      if (fileExporterName.test(name)) continue;
      scaleRetries(configuration, ["exporters", name], ofExporters, factor);
      const path = ["exporters", name, "timeout"];
      const timeoutMs = goDurationMs(String(configuration.getIn(path) ?? exporterTimeout));
      configuration.setIn(path, goDurationOf(scaleTryTimeout(timeoutMs, factor)));
    }
    for (const [name, receiver] of Object.entries(recordOf(receivers)))
      if (fileReceiverName.test(name) && recordOf(recordOf(receiver)[retry]).enabled === true)
        scaleRetries(configuration, ["receivers", name], ofReceivers, factor);
  },
  stampWithLineTime(configuration) {
    const { receivers } = recordOf(configuration.toJSON());
    for (const [name, receiver] of Object.entries(recordOf(receivers))) {
      const operators = (recordOf(receiver).operators ?? []) as unknown[];
      const hasTime = operators.some((operator) => "timestamp" in recordOf(operator));
      if (!fileReceiverName.test(name) || hasTime) continue;
      const path = ["receivers", name, "operators"];
      configuration.setIn(path, configuration.createNode([...operators, ...lineTimeOperators]));
    }
  },
};

/** A time of 0, which stands for no limit, stays 0. */
function scaleRetries(
  configuration: Document,
  path: string[],
  defaults: Record<string, string>,
  factor: number,
): void {
  for (const [key, byDefault] of Object.entries(defaults)) {
    const written = String(configuration.getIn([...path, retry, key]) ?? byDefault);
    const ms = written === "0" ? 0 : goDurationMs(written);
    configuration.setIn([...path, retry, key], goDurationOf(ms * factor));
  }
}
