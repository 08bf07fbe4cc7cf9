import type { Metric } from "../base/metrics.ts";

/** By Promtail's metrics; a push without an answer in time has the status -1 there. */
const pushes = "promtail_request_duration_seconds_count";

/** How many pushes of a shipper were answered with each HTTP status, and `no answer`; empty for shippers that do not tell. */
export function pushAnswers(metrics: readonly Metric[]): Record<string, number> {
  const answers: Record<string, number> = {};
  for (const { name, labels, value } of metrics) {
    if (name !== pushes) continue;
    const status = labels.status_code === "-1" ? "no answer" : (labels.status_code ?? "unknown");
    answers[status] = (answers[status] ?? 0) + value;
  }
  return answers;
}
