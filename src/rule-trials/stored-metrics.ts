import { chmod, cp, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ruleDuration } from "../alerts/rule-duration.ts";
import { pause } from "../base/abortable-pause.ts";
import { messageOf, UnavailableError, UsageError } from "../base/errors.ts";
import { tempDir } from "../base/temp-dir.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Instance } from "../places/instance.ts";
import type { Place } from "../places/place.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";

const image = { name: "prometheus", version: "3.16.0" };
const port = 9_090;
const memoryBytes = 512 * 2 ** 20;
const readyTimeoutMs = 60_000;
const probeMs = 100;
/** Prometheus deletes samples that are older than this, and a stored run may be of any age. */
const retention = "100y";

/** The samples of a stored run. */
export interface StoredMetrics {
  /** `reports/RUN_ID/metrics`. */
  folder: string;
  /** How often rules were evaluated in the run. A subquery without a step, as in `[10m:]`, has this step. */
  evaluationMs: number;
}

/**
 * Starts a Prometheus that answers questions about the samples of a stored run, and gives it to `work`. It gets a copy, because it writes
 * into the folder.
 *
 * @param helperId the id under which it is started and removed, like that of a run
 * @throws UsageError if the run has stored no samples
 * @throws UnavailableError if Prometheus cannot be started or does not get ready
 */
export async function withStoredMetrics<Result>(
  place: Place,
  { folder, evaluationMs }: StoredMetrics,
  helperId: string,
  options: ImageOptions,
  work: (api: PrometheusApi) => Promise<Result>,
): Promise<Result> {
  if (place.startHelpers === undefined)
    throw new UsageError("expected a place that can start Prometheus, but this one starts no programs.");
  const blocks = await readdir(folder).catch(() => []);
  if (blocks.length === 0)
    throw new UsageError(
      `${folder} holds no samples of Prometheus. A run with --alerts on a pipeline of Everyline's stores them: everyline run SCENARIO --alerts. For one of your own, name the Prometheus that reads it: --prometheus URL.`,
    );
  await using copy = await tempDir("everyline-metrics-");
  await cp(folder, join(copy.path, "data"), { recursive: true });
  await writeFile(
    join(copy.path, "prometheus.yml"),
    `global: { evaluation_interval: ${ruleDuration(evaluationMs)} }\n`,
  );
  // The program may run as another user.
  await chmod(copy.path, 0o755);
  try {
    const [instance] = await place.startHelpers(
      helperId,
      [
        {
          name: "prometheus",
          image,
          environment: {},
          command: [
            "--config.file=/stored/prometheus.yml",
            "--storage.tsdb.path=/stored/data",
            `--storage.tsdb.retention.time=${retention}`,
          ],
          folders: { [copy.path]: "/stored" },
          port,
          memoryBytes,
        },
      ],
      options,
    );
    return await work(await readyApi(instance!, options.signal));
  } finally {
    await place.remove(helperId);
  }
}

async function readyApi(instance: Instance, signal: AbortSignal): Promise<PrometheusApi> {
  const deadlineMs = Date.now() + readyTimeoutMs;
  let why = "it did not answer";
  while (Date.now() < deadlineMs) {
    try {
      const address = await instance.address();
      if (address !== undefined) {
        const api = new PrometheusApi(address.url);
        await api.hasSeries("up", signal);
        return api;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      why = messageOf(thrown);
    }
    const state = await instance.findState();
    if (state !== undefined && !state.running && state.endedAtMs > state.startedAtMs) break;
    await pause(probeMs, signal);
  }
  const words = (await instance.logs(5)).trim();
  throw new UnavailableError(
    `Prometheus does not answer about the stored samples: ${why}. It logged last:\n${words}`,
  );
}
