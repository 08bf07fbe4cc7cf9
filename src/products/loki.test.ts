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
])("takes no other for it: %s", (command) => {
  expect(loki.program.test(command)).toBe(false);
});
