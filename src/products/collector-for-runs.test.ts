import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDocument } from "yaml";
import { collectorForRuns } from "./collector-for-runs.ts";
import { scaleBackoff } from "./retry-horizon.ts";

const documentOf = (receiver: object, exporter: object) =>
  parseDocument(
    `# what is read\n${JSON.stringify({
      receivers: { file_log: { include: ["/logs/*.log"], ...receiver } },
      exporters: { otlp_http: { endpoint: "http://loki:3100/otlp", ...exporter } },
    })}`,
  );

it("scales what is written, and the defaults of what is not, and keeps the rest", () => {
  const document = documentOf({}, { retry_on_failure: { max_interval: "10s" } });
  expect(collectorForRuns.backoffIn(document)).toEqual({
    minPeriodMs: 7_500,
    maxPeriodMs: 15_000,
    maxRetries: 0,
    tryTimeoutMs: 30_000,
    maxElapsedMs: 300_000,
  });
  collectorForRuns.scaleBackoff(document, 1 / 40);
  expect(document.toJSON()).toEqual({
    receivers: { file_log: { include: ["/logs/*.log"] } },
    exporters: {
      otlp_http: {
        endpoint: "http://loki:3100/otlp",
        retry_on_failure: {
          max_interval: "250000us",
          initial_interval: "125000us",
          max_elapsed_time: "7500000us",
        },
        timeout: "1000000us",
      },
    },
  });
  expect(String(document)).toContain("# what is read");
});

it("scales what a receiver tries again only where it does, and leaves retries without end", () => {
  const retries = { enabled: true, max_elapsed_time: "0s" };
  const document = documentOf({ retry_on_failure: retries }, { retry_on_failure: { max_elapsed_time: 0 } });
  collectorForRuns.scaleBackoff(document, 0.1);
  expect(document.toJSON()).toMatchObject({
    receivers: {
      file_log: {
        retry_on_failure: {
          initial_interval: "100000us",
          max_interval: "3000000us",
          max_elapsed_time: "0us",
        },
      },
    },
    exporters: { otlp_http: { retry_on_failure: { max_elapsed_time: "0us" } } },
  });
  expect(collectorForRuns.backoffIn(document)).not.toHaveProperty("maxElapsedMs");
});

it("reads back the backoff that it was to scale to", () => {
  const ms = fc.integer({ min: 1, max: 600_000 });
  const drawn = fc.record({
    initial: ms,
    longest: ms,
    elapsed: ms,
    timeout: ms,
    factor: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(drawn, ({ initial, longest, elapsed, timeout, factor }) => {
      const document = documentOf(
        {},
        {
          timeout: `${timeout}ms`,
          retry_on_failure: {
            initial_interval: `${initial}ms`,
            max_interval: `${longest}ms`,
            max_elapsed_time: `${elapsed}ms`,
          },
        },
      );
      const wanted = scaleBackoff(collectorForRuns.backoffIn(document), factor);
      collectorForRuns.scaleBackoff(document, factor);
      const found = collectorForRuns.backoffIn(document);
      for (const [name, value] of Object.entries(wanted))
        expect(Math.abs(found[name as keyof typeof found]! - value), name).toBeLessThan(0.002);
    }),
  );
});

it("refuses a configuration without an exporter that sends, or with a duration that is none", () => {
  for (const text of ["exporters: {}", "exporters: { otlp_http: { timeout: soon } }"])
    expect(() => collectorForRuns.backoffIn(parseDocument(text))).toThrow(/expected an exporter that sends/);
});

it("stamps the lines of each receiver of files with their own time, after the operators that it has, unless they have a time already", () => {
  const move = { type: "move", from: "attributes.a", to: "attributes.b" };
  const document = documentOf({ operators: [move] }, {});
  collectorForRuns.stampWithLineTime(document);
  const stamped = document.toJSON().receivers.file_log;
  expect(stamped.include).toEqual(["/logs/*.log"]);
  expect(stamped.operators).toMatchObject([
    move,
    { type: "regex_parser", timestamp: { parse_from: "attributes.line_time" } },
    { type: "remove", field: "attributes.line_time" },
  ]);
  collectorForRuns.stampWithLineTime(document);
  expect(document.toJSON().receivers.file_log).toEqual(stamped);
});
