import { expect, it } from "vitest";
import { collectorPatience } from "./collector-patience.ts";
import { silenceMs } from "./shipper-patience.ts";

it("knows how long a Collector waits between tries at the most, jitter included", () => {
  const retry = { initial_interval: "500ms", max_interval: "5m" };
  const config = { exporters: { otlp_http: { timeout: "10s", retry_on_failure: retry } } };
  expect(collectorPatience(config)).toEqual({
    backoffs: [
      { minPeriodMs: 750, maxPeriodMs: 450_000, maxRetries: 0, tryTimeoutMs: 10_000, maxElapsedMs: 300_000 },
    ],
    batchWaitMs: 0,
  });
});

it("takes the Collector's defaults for what is left open, and the longest time that a batch may fill", () => {
  const queue = { sending_queue: { batch: { flush_timeout: "7s" } } };
  const processors = { "batch/slow": { timeout: "20s" }, transform: { timeout: "9m" } };
  expect(collectorPatience({ exporters: { otlp_http: null, "otlp_http/b": queue }, processors })).toEqual({
    backoffs: Array(2).fill({
      minPeriodMs: 7_500,
      maxPeriodMs: 45_000,
      maxRetries: 0,
      tryTimeoutMs: 30_000,
      maxElapsedMs: 300_000,
    }),
    batchWaitMs: 20_000,
  });
});

it("expects the longest wait at once where waits grow faster than what was waited before tells", () => {
  const retry = { multiplier: 8, randomization_factor: 0 };
  expect(
    collectorPatience({ exporters: { otlp_http: { retry_on_failure: retry } } })!.backoffs[0],
  ).toMatchObject({
    minPeriodMs: 30_000,
    maxPeriodMs: 30_000,
  });
});

it("knows no end of retries where their time is not limited", () => {
  for (const max_elapsed_time of ["0s", "0", 0]) {
    const config = { exporters: { otlp_http: { retry_on_failure: { max_elapsed_time } } } };
    expect(collectorPatience(config)!.backoffs[0]).not.toHaveProperty("maxElapsedMs");
  }
});

it("is unknown where there is no exporter, or a variable is not filled in", () => {
  for (const config of [undefined, {}, { exporters: {} }, { exporters: { otlp_http: { timeout: "soon" } } }])
    expect(collectorPatience(config)).toBeUndefined();
});

it("knows that a file exporter tries nothing again, and what a receiver of files does", () => {
  const exporters = { file: { path: "/out/logs.json" }, "file/slow": { flush_interval: "3s" } };
  expect(collectorPatience({ exporters })).toEqual({ backoffs: [], batchWaitMs: 3_000 });
  const receivers = { file_log: { retry_on_failure: { enabled: true, max_interval: "10s" } }, otlp: null };
  expect(collectorPatience({ receivers, exporters: { file: null } })).toEqual({
    backoffs: [
      { minPeriodMs: 1_500, maxPeriodMs: 15_000, maxRetries: 0, tryTimeoutMs: 0, maxElapsedMs: 300_000 },
    ],
    batchWaitMs: 1_000,
  });
  expect(silenceMs({ backoffs: [], batchWaitMs: 1_000 }, 60_000)).toBe(1_000);
});
