import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { withoutTargets } from "./prometheus-targets.ts";

const text = `# Who is read.
global: { scrape_interval: 5s }
scrape_configs:
  - job_name: kafka
    static_configs: [{ targets: [kafka-1:9404, kafka-2:9404], labels: { site: a } }]
  - job_name: loki
    file_sd_configs: [{ files: [/etc/prometheus/loki-targets.yaml] }]
  - job_name: promtail
    static_configs:
      - targets:
          - promtail:9080
`;

it("leaves out the targets on these hosts, and nothing else", () => {
  const less = text.replace(", kafka-2:9404", "").replace("- promtail:9080", "[]");
  const without = withoutTargets(text, ["kafka-2", "promtail", "loki"]);
  expect(parse(without)).toEqual(parse(less));
  expect(without).toContain("# Who is read.");
  expect(parse(withoutTargets(text, ["kafka"]))).toEqual(parse(text));
});

it("finds the targets of the fixtures", () => {
  const folder = join(import.meta.dirname, "../../../fixtures/pipelines");
  const config = readFileSync(join(folder, "kafka/prometheus-logging.yaml"), "utf8");
  const without = withoutTargets(config, ["promtail", "kafka-metrics"]);
  expect(config).toMatch(/promtail:9080[\s\S]*kafka-metrics:9464/);
  expect(without).not.toMatch(/promtail:9080|kafka-metrics:9464/);
  expect(without).toContain("kafka-1:9404");
});
