import { expect, it } from "vitest";
import { parse } from "yaml";
import { alertTargetsIn } from "./prometheus-configuration.ts";

const nothing = { alerts: [], samples: [], isDiscovered: false };

it("finds where alerts and samples are sent", () => {
  const text = `
alerting:
  alertmanagers:
    - static_configs: [{ targets: ["alertmanager:9093", "10.0.0.1"] }]
    - scheme: https
      static_configs: [{ targets: [alerts.example.org] }]
remote_write: [{ url: "https://metrics.example.org/api/v1/push" }]
`;
  expect(alertTargetsIn(parse(text))).toEqual({
    alerts: ["alertmanager", "10.0.0.1", "alerts.example.org"],
    samples: ["metrics.example.org"],
    isDiscovered: false,
  });
});

it("tells Alertmanagers that are found only when it runs", () => {
  const text = "alerting: { alertmanagers: [{ dns_sd_configs: [{ names: [alerts] }] }] }";
  expect(alertTargetsIn(parse(text))).toEqual({ ...nothing, isDiscovered: true });
});

it("finds nothing in a configuration that sends nothing", () => {
  for (const text of ["", "scrape_configs: []", "alerting:", "alerting: { alertmanagers: }", "remote_write:"])
    expect(alertTargetsIn(parse(text)), text).toEqual(nothing);
});

it("refuses what is no configuration", () => {
  expect(() => alertTargetsIn(["a"])).toThrow();
});
