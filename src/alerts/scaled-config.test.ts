import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedFolder } from "../base/installation.ts";
import { ruleDurationMs } from "./rule-duration.ts";
import { scaleAlertmanagerConfig, scalePrometheusConfig } from "./scaled-config.ts";

const prometheus = `# Why
global:
  scrape_interval: 40s # comment
  evaluation_interval: 1m
  scrape_timeout: 10s
rule_files: [rules/*.yaml]
scrape_configs:
  - job_name: one
  - job_name: two
    scrape_interval: 20s
    scrape_timeout: 9s
`;

describe("a scaled configuration of Prometheus", () => {
  it("reads and evaluates as often as the factor says, and keeps everything else", () => {
    const scaled = scalePrometheusConfig(prometheus, 1 / 10);
    expect(parse(scaled)).toEqual({
      global: { scrape_interval: "4s", evaluation_interval: "6s" },
      rule_files: ["rules/*.yaml"],
      scrape_configs: [{ job_name: "one" }, { job_name: "two", scrape_interval: "2s" }],
    });
    expect(scaled).toContain("# Why");
    expect(scaled).toContain("# comment");
  });

  it("does so at most twice a second", () => {
    const { global } = parse(scalePrometheusConfig(prometheus, 1 / 1_000));
    expect(global).toEqual({ scrape_interval: "500ms", evaluation_interval: "500ms" });
  });

  it("scales Prometheus' defaults where nothing is set", () => {
    const { global } = parse(scalePrometheusConfig("rule_files: []\n", 1 / 2));
    expect(global).toEqual({ scrape_interval: "30s", evaluation_interval: "30s" });
  });

  it("is not touched by the factor 1", () => {
    expect(scalePrometheusConfig(prometheus, 1)).toBe(prometheus);
  });
});

describe("a scaled configuration of Alertmanager", () => {
  it("waits for as long as the factor says, in routes within routes too", () => {
    const text = `route:
  receiver: all
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 4h
  routes:
    - receiver: some
      group_wait: 0s
receivers: []
`;
    expect(parse(scaleAlertmanagerConfig(text, 1 / 40)).route).toEqual({
      receiver: "all",
      group_wait: "250ms",
      group_interval: "1500ms",
      repeat_interval: "360s",
      routes: [{ receiver: "some", group_wait: "100ms" }],
    });
    expect(scaleAlertmanagerConfig(text, 1)).toBe(text);
  });

  it.each(["direct", "kafka"])("is that of the pipeline %s, with its periods alone changed", async (name) => {
    const folder = join(installedFolder, "fixtures/pipelines", name);
    const text = await readFile(join(folder, "alertmanager-config.yaml"), "utf8");
    const { route, ...rest } = parse(scaleAlertmanagerConfig(text, 1 / 40));
    const { route: before, ...same } = parse(text);
    expect(rest).toEqual(same);
    expect(ruleDurationMs(route.group_wait)).toBe(ruleDurationMs(before.group_wait)! / 40);
  });
});
