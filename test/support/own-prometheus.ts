import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlace } from "../../src/places/open-place.ts";
import { newRunId } from "../../src/store/run-id.ts";
import { until } from "./services-stack.ts";

const port = 9_090;
const configuration = `global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs: [{ job_name: itself, static_configs: [{ targets: ["localhost:${port}"] }] }]
`;

/** A Prometheus like a user's own, which reads its own metrics once a second. */
export interface RunningPrometheus extends AsyncDisposable {
  url: string;
}

/** Starts one, and waits until it has read its metrics several times. */
export async function startPrometheus(readings: number): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  await writeFile(join(folder, "prometheus.yml"), configuration);
  // The program may run as another user.
  await chmod(folder, 0o777);
  const place = await openPlace();
  const runId = newRunId("test-prometheus");
  const spec = {
    name: "prometheus",
    image: { name: "prometheus", version: "3.16.0" },
    environment: {},
    command: ["--config.file=/own/prometheus.yml", "--storage.tsdb.path=/own/data"],
    folders: { [folder]: "/own" },
    port,
    memoryBytes: 512 * 2 ** 20,
  };
  const options = { onProgress: () => {}, signal: new AbortController().signal };
  const [instance] = await place.startHelpers!(runId, [spec], options);
  const { url } = (await instance!.address())!;
  await until("Prometheus has read its metrics", async () => {
    const answer = await fetch(`${url}/api/v1/query?query=count_over_time(up[1h])`).catch(() => undefined);
    const { data } = (await answer?.json().catch(() => undefined)) ?? {};
    return Number(data?.result?.[0]?.value?.[1] ?? 0) >= readings;
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      await place.remove(runId);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
