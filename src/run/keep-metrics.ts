import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import type { LiveRun } from "./live-run.ts";

const maxMetricsBytes = 512 * 2 ** 20;

/**
 * Stores what Prometheus has read during the run: when the parts counted losses, and every sample, as blocks of its own form, so that other
 * rules can be tried on them. What cannot be stored is only noted, because no verdict depends on it.
 */
export async function keepMetrics({ setup, stack, watching }: LiveRun): Promise<void> {
  const { outputs, context } = setup;
  if (watching.alerts === undefined || watching.alerts.hasPrometheusEnded) return;
  await watching.alerts.findLosses(context.signal);
  // A Prometheus of the user's own writes nothing because of a run.
  if (stack.pipeline.ownMonitoring !== undefined) return;
  const { prometheus } = stack.monitoring!;
  try {
    const address = await prometheus.address();
    if (address === undefined || prometheus.files === undefined)
      throw new Error("its files are not accessible");
    const folder = await new PrometheusApi(address.url).snapshot(context.signal);
    const files = await prometheus.files(folder, maxMetricsBytes);
    for (const { name, content } of files) {
      const path = join(outputs.folder.metrics, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
    outputs.journal.add("metrics-kept", { files: files.length, bytes });
  } catch (thrown) {
    context.signal.throwIfAborted();
    outputs.journal.add("metrics-not-kept", { message: messageOf(thrown) });
  }
}
