import { expect, it } from "vitest";
import { patienceOf, promtailPatience } from "./promtail-patience.ts";

/** As Promtail 3.6.4 answers at `/config`, shortened. */
const page = `<!DOCTYPE html><html><body>
    <pre id="config_yaml">server:
    http_listen_port: 9080
clients:
    - name: 5ed2b6
      url: http://loki:3100/loki/api/v1/push?a=1&amp;b=2
      batchwait: 6s
      batchsize: 1048576
      backoff_config:
        min_period: 500ms
        max_period: 5m0s
        max_retries: 0
      timeout: 10s
      external_labels: &#34;a&#34;
</pre></body></html>`;

it("reads how long a Promtail waits between tries off the configuration that it runs with", () => {
  expect(patienceOf(page)).toEqual({
    backoffs: [{ minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 0, tryTimeoutMs: 10_000 }],
    batchWaitMs: 6_000,
  });
});

it("is unknown where the page is not one of Promtail's", () => {
  for (const other of [
    "",
    "<html>not found</html>",
    page.replace("clients", "others"),
    page.replace("6s", "soon"),
  ])
    expect(patienceOf(other)).toBeUndefined();
});

it("takes Promtail's defaults for what a configuration leaves open, and knows nothing where a variable is left", () => {
  expect(
    promtailPatience({ clients: [{ url: "http://loki:3100" }, { timeout: "1s", batchwait: "3s" }] }),
  ).toEqual({
    backoffs: [
      { minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 10, tryTimeoutMs: 10_000 },
      { minPeriodMs: 500, maxPeriodMs: 300_000, maxRetries: 10, tryTimeoutMs: 1_000 },
    ],
    batchWaitMs: 3_000,
  });
  expect(promtailPatience({ clients: [{ timeout: "soon" }] })).toBeUndefined();
  expect(promtailPatience({})).toBeUndefined();
});
