import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ComposeModel, ComposeService } from "./compose-model.ts";
import { metricsPortsOf } from "./metrics-ports.ts";

const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
afterAll(() => rm(folder, { recursive: true }));

function stackWith(changes: Partial<ComposeService>): ComposeModel {
  const bare = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };
  return { name: "x", services: { shipper: { ...bare, ...changes } }, volumes: {}, networks: {} };
}

it("asks a shipper at the ports that its flags, its files and its Compose file name, then at those of known programs", async () => {
  const source = join(folder, "config.yaml");
  await writeFile(
    source,
    'server:\n  http_listen_port: 9123\nreaders:\n  - pull: { host: "0.0.0.0", port: 8899 }\n',
  );
  const stack = stackWith({
    command: ["-server.http-listen-port=9124"],
    ports: [{ target: 13_133 }],
    volumes: [
      { type: "bind", source, target: "/etc/config.yaml", read_only: true },
      { type: "bind", source: join(folder, "missing"), target: "/missing", read_only: true },
      { type: "bind", source: folder, target: "/folder", read_only: true },
    ],
  });
  expect(await metricsPortsOf(stack, "shipper")).toEqual([
    9_124, 9_123, 8_899, 13_133, 9_080, 80, 3_101, 8_888,
  ]);
});

it("asks at the port that a configuration in a mounted folder names, or one that the Compose file holds", async () => {
  await writeFile(join(folder, "config.yml"), "server: { http_listen_port: 9125 }\n");
  const image = "grafana/promtail:3.6.4";
  const mount = { type: "bind", source: folder, target: "/etc/promtail", read_only: false };
  expect(await metricsPortsOf(stackWith({ image, volumes: [mount] }), "shipper")).toContain(9_125);
  const stack = stackWith({
    image,
    command: ["-config.file=/p.yaml"],
    configs: [{ source: "p", target: "/p.yaml" }],
  });
  const content = "server:\n  http_listen_port: 9126\n";
  expect(await metricsPortsOf({ ...stack, configs: { p: { content } } }, "shipper")).toContain(9_126);
});

it("asks at no more than sixteen, whatever a configuration is full of", async () => {
  const command = Array.from({ length: 40 }, (_, index) => `port: ${1_000 + index}`);
  expect(await metricsPortsOf(stackWith({ command }), "shipper")).toHaveLength(16);
});
