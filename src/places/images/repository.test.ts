import { expect, it } from "vitest";
import { shortReference } from "./repository.ts";

it.each([
  ["docker.io/grafana/promtail:3.6.4", "grafana/promtail:3.6.4"],
  ["index.docker.io/grafana/promtail", "grafana/promtail"],
  ["docker.io/library/node:24", "node:24"],
  ["library/node:24", "node:24"],
  ["docker.io/node:24", "node:24"],
  // What only looks like Docker's own registry.
  ["docker.io.example.org/grafana/promtail", "docker.io.example.org/grafana/promtail"],
  ["ghcr.io/library/node:24", "ghcr.io/library/node:24"],
  ["library/tools/node:24", "library/tools/node:24"],
])("leaves out of %s what every engine adds by itself", (reference, short) => {
  expect(shortReference(reference)).toBe(short);
});
