import type { SinkExports } from "../file/sink-exports.ts";
import { logcliDefault } from "./logcli-default.ts";
import { lokiAnswer } from "./loki-answer.ts";

export const lokiExports: SinkExports = {
  documents: [lokiAnswer],
  lines: [logcliDefault],
  notice:
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:https?:\/\/\S+\/loki\/api\/v1\/|Common labels: |Ignoring label)/,
  refusal:
    /^(?:parse error|the query time range exceeds|max entries limit|maximum of series|too many outstanding requests|no org id)/i,
  /** logcli, query_range, Explore, and Loki's own limit. */
  limits: { lines: [30, 100, 1_000, 5_000], of: "logcli, Loki or Grafana" },
};
