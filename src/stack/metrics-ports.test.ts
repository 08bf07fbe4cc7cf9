import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ComposeService } from "./compose-model.ts";
import { metricsPortsOf } from "./metrics-ports.ts";

const folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
afterAll(() => rm(folder, { recursive: true }));

function serviceWith(changes: Partial<ComposeService>): ComposeService {
  return { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {}, ...changes };
}

it("asks a shipper at the ports that its flags, its files and its Compose file name, then at those of known programs", async () => {
  const source = join(folder, "config.yaml");
  await writeFile(
    source,
    'server:\n  http_listen_port: 9123\nreaders:\n  - pull: { host: "0.0.0.0", port: 8899 }\n',
  );
  const service = serviceWith({
    command: ["-server.http-listen-port=9124"],
    ports: [{ target: 13_133 }],
    volumes: [
      { type: "bind", source, target: "/etc/config.yaml", read_only: true },
      { type: "bind", source: join(folder, "missing"), target: "/missing", read_only: true },
      { type: "bind", source: folder, target: "/folder", read_only: true },
    ],
  });
  expect(await metricsPortsOf(service)).toEqual([9_124, 9_123, 8_899, 13_133, 9_080, 80, 3_101, 8_888]);
});

it("asks at no more than sixteen, whatever a configuration is full of", async () => {
  const command = Array.from({ length: 40 }, (_, index) => `port: ${1_000 + index}`);
  expect(await metricsPortsOf(serviceWith({ command }))).toHaveLength(16);
});
