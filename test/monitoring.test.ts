import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { readKnownMetrics } from "../src/alerts/known-metrics.ts";
import { monitoringPartsOf } from "../src/pipeline/monitoring.ts";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { labelOf } from "../src/places/images/catalogue.ts";
import { documentedMetrics } from "./support/documented-metrics.ts";
import { needImages } from "./support/need-images.ts";
import { until } from "./support/services-stack.ts";
import { WatchedPipeline } from "./support/watched-pipeline.ts";

const pipelines = { direct: await loadPipeline("direct"), kafka: await loadPipeline("kafka", "single") };
for (const pipeline of Object.values(pipelines))
  await needImages(pipeline, ...monitoringPartsOf(pipeline.monitoring!).map(({ image }) => labelOf(image)));

const started: WatchedPipeline[] = [];
afterAll(() => Promise.all(started.map((watched) => watched.remove())));

/** Metrics that are there only at times: while a fault is in force, while a record is being delivered. */
const transient = ["everyline_fault_active", "loki_kafka_consumer_oldest_undelivered_timestamp_seconds"];

/** Starts a pipeline, and writes lines into it once Prometheus watches. */
async function start(name: keyof typeof pipelines): Promise<WatchedPipeline> {
  const watched = await WatchedPipeline.start(pipelines[name]);
  started.push(watched);
  await until("Prometheus is ready", async () => (await ask(watched, "prometheus", 9_090, "/-/ready")).ok);
  await watched.write(200);
  // Otherwise Loki flushes a chunk when it has been idle for half an hour.
  await until(
    "Loki has the lines",
    async () => (await sum(watched, "loki_distributor_bytes_received_total")) > 0,
  );
  expect((await ask(watched, "loki", 3_100, "/flush", { method: "POST" })).status).toBe(204);
  return watched;
}

async function ask(
  watched: WatchedPipeline,
  service: string,
  port: number,
  path: string,
  init?: RequestInit,
) {
  return fetch(`${await watched.url(service, port)}${path}`, init);
}

/** The sum over all series; NaN if there are none. */
async function sum(watched: WatchedPipeline, selector: string): Promise<number> {
  return (await watched.query(`sum(${selector})`))[0]?.value ?? Number.NaN;
}

/** Waits until Prometheus has each of these metrics, and expects it from its part alone. */
async function expectMetrics(
  watched: WatchedPipeline,
  metrics: [name: string, job: string][],
): Promise<void> {
  for (const [name, job] of metrics) {
    const jobs = async () =>
      (await watched.query(`count by (job) (${name})`)).map(({ labels }) => labels.job);
    await until(`Prometheus has ${name}`, async () => (await jobs()).length > 0);
    expect(await jobs(), name).toEqual([job]);
  }
}

/** Waits until Prometheus has every metric that fixtures/monitoring/metrics.yaml says parts have from their start, or once they have lines. */
async function expectKnownMetrics(watched: WatchedPipeline): Promise<void> {
  const known = readKnownMetrics(await readFile("fixtures/monitoring/metrics.yaml", "utf8"));
  const jobs = new Set((await watched.query("up")).map(({ labels }) => labels.job));
  const expected = [...known.byName].filter(
    ([name, { job, born }]) =>
      (job === "any" || jobs.has(job)) && (born === "start" || born === "found") && !transient.includes(name),
  );
  const missing = async () => {
    const present = await watched.query('count by (__name__) ({__name__!=""})');
    const names = new Set(present.map(({ labels }) => labels.__name__));
    return expected.map(([name]) => name).filter((name) => !names.has(name));
  };
  await expect.poll(missing, { timeout: 30_000, interval: 500 }).toEqual([]);
}

/** The instances that Prometheus reaches, or does not. */
async function instances(watched: WatchedPipeline, up: 0 | 1): Promise<string[]> {
  return (await watched.query(`up == ${up}`)).map(({ labels }) => labels.instance!).sort();
}

describe("Option 1, watched", () => {
  it("has the six metrics of the document that its parts have, delivers what fires, and stays in sight when its link is cut", async () => {
    const watched = await start("direct");
    await expectMetrics(watched, Object.entries(documentedMetrics).slice(0, 6));
    await expectKnownMetrics(watched);
    expect(await instances(watched, 1)).toEqual([
      ...["alert-receiver:8080", "alertmanager:9093", "localhost:9090", "loki:3100", "promtail:9080"],
    ]);

    await until("Prometheus has found Alertmanager", async () => {
      const found = await ask(watched, "prometheus", 9_090, "/api/v1/alertmanagers");
      return (await found.text()).includes("http://alertmanager:9093/api/v2/alerts");
    });
    const alerts = ["a", "b"].map((instance) => ({
      labels: { alertname: "Anything", rule_set: "test", instance },
    }));
    const posted = await ask(watched, "alertmanager", 9_093, "/api/v2/alerts", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(posted.status).toBe(200);
    await until("the receiver has the notification", async () => {
      const told = await ask(watched, "alert-receiver", 8_080, "/notifications");
      const { notifications } = (await told.json()) as {
        notifications: { body: { groupLabels: Record<string, string>; alerts: unknown[] } }[];
      };
      const ours = notifications.filter(({ body }) => body.groupLabels.alertname === "Anything");
      if (ours.length === 0) return false;
      expect(ours.map(({ body }) => body.alerts.length)).toEqual([2]);
      return true;
    });

    // Promtail does not reach Loki any more, and Prometheus reaches both.
    await watched.disconnect("loki", "monitoring");
    await watched.write(10);
    await until(
      "Promtail tries again",
      async () => (await sum(watched, "promtail_batch_retries_total")) >= 3,
    );
    expect(await instances(watched, 0)).toEqual([]);
  });
});

describe("Option 2, watched", () => {
  it("has all eight metrics of the document, and the lag also while the consumer is stopped and a broker is dead", async () => {
    const watched = await start("kafka");
    await expectMetrics(watched, Object.entries(documentedMetrics));
    await expectKnownMetrics(watched);
    const lag = 'kafka_consumergroup_lag{consumergroup="loki-consumer-group",topic="logging-events"}';
    await until("everything is delivered", async () => (await sum(watched, lag)) === 0);
    const { length: partitions } = await watched.query(lag);
    const before = await sum(watched, 'kafka_topic_partition_current_offset{topic="logging-events"}');
    expect(before).toBe(200);
    expect(await sum(watched, "kafka_controller_kafkacontroller_activecontrollercount")).toBe(1);

    await (await watched.container("loki-kafka-consumer")).stop();
    await watched.write(30);
    await until("the lag shows what nobody reads", async () => (await sum(watched, lag)) === 30);
    await (await watched.container("kafka-2")).kill();
    await watched.write(12);
    await until("the lag goes on to grow without the broker", async () => (await sum(watched, lag)) === 42);
    expect((await watched.query(lag)).length).toBe(partitions);
    expect(await instances(watched, 0)).toEqual(["kafka-2:9404", "loki-kafka-consumer:8080"]);
    expect(await sum(watched, "kafka_server_replicamanager_underreplicatedpartitions")).toBeGreaterThan(0);
  });
});
