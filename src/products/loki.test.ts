import { expect, it } from "vitest";
import { loki } from "./loki.ts";

it.each([
  "/usr/bin/loki -config.file=/etc/loki/local-config.yaml",
  "/loki -target=read",
  "loki",
  "/sbin/tini -- /usr/bin/loki -config.file=/x.yaml",
  "sh -c exec /opt/bin/loki -config.file=/x.yaml",
])("knows Loki by what a container runs: %s", (command) => {
  expect(loki.program.test(command)).toBe(true);
});

it.each([
  "/usr/bin/loki-canary -addr=loki:3100",
  "/usr/bin/promtail -client.url=http://loki:3100/loki/api/v1/push",
  "nc -z loki 3100",
  "chown -R 10001 /loki",
  "node /gate.mjs",
])("takes no other program for it: %s", (command) => {
  expect(loki.program.test(command)).toBe(false);
});

it.each([
  "grafana/loki:3.6.4",
  "grafana/loki",
  "registry.example:5000/grafana/loki@sha256:abc",
  "shop/my-loki:1",
])("knows Loki by the image that a container runs: %s", (reference) => {
  expect(loki.image.test(reference)).toBe(true);
});

it.each(["grafana/promtail:3.6.4", "shop/lokistats:1", "grafana/loki-canary:3.6.4"])(
  "takes no other image for Loki's: %s",
  (reference) => {
    expect(loki.image.test(reference)).toBe(false);
  },
);

it("knows the file that Loki's processes agree in as data, and a folder of its name as none", () => {
  expect(loki.data.file.test("loki_cluster_seed.json")).toBe(true);
  expect(loki.data.folder.test("loki")).toBe(false);
});
