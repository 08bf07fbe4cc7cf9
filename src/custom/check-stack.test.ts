import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../pipeline/own-config.ts";
import { assertNoProblems, stackProblems } from "../places/compose/check-stack.ts";
import { readCompose } from "../places/compose/compose-model.ts";
import { ownPipeline } from "../places/compose/own-pipeline.ts";
import { describeProblem } from "../places/compose/stack-problem.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

const files: Record<string, string> = {
  "compose.yaml": `services:
  promtail:
    image: grafana/promtail:3.6.4
    command: -config.file=/ship.yaml
    volumes:
      - ./ship.yaml:/ship.yaml:ro
      - ./app-logs:/var/log/shop:ro
    depends_on: [store]
  store:
    image: grafana/loki:3.6.4
    command: -config.file=/store.yaml
    volumes: ["./store.yaml:/store.yaml:ro"]
`,
  "ship.yaml": `clients: [{ url: "http://store:3100/loki/api/v1/push", tenant_id: shop-team }]
scrape_configs:
  - job_name: shop
    static_configs: [{ labels: { __path__: /var/log/shop/*.log } }]
`,
  "store.yaml": "auth_enabled: true\nserver:\n  http_listen_port: 3100\n",
  "everyline.config.yaml": `compose: compose.yaml
source: { folder: /var/log/shop }
shipper: { service: promtail }
loki:
  url: http://store:3100
  selector: '{job="shop"}'
  tenant: shop-team
`,
};

/** The problems of the stack above, of which some files are changed, or left out where nothing is left of them. */
async function problemsOf(changes: Record<string, (text: string) => string> = {}): Promise<string[]> {
  await mkdir(join(folder, "app-logs"));
  for (const [name, text] of Object.entries(files)) {
    const changed = changes[name]?.(text) ?? text;
    if (changes[name] !== undefined && changed === text) throw new Error(`${name} is not changed`);
    if (changed !== "") await writeFile(join(folder, name), changed);
  }
  const config = await readConfig(join(folder, "everyline.config.yaml"), {});
  const model = await readCompose(config.composeFiles, folder);
  const pipeline = ownPipeline(config, model, { images: new Map() });
  const { deployment } = pipeline;
  if (deployment.kind !== "own") throw new RangeError("not the user's own");
  const problems = (await stackProblems(pipeline, deployment, model)).map(describeProblem);
  if (problems.length > 0)
    await expect(assertNoProblems(pipeline, deployment)).rejects.toThrow(problems.at(-1)!);
  return problems;
}

describe("stackProblems", () => {
  it("finds none in a stack that can run", async () => {
    expect(await problemsOf()).toEqual([]);
  });

  it.each<[string, Record<string, (text: string) => string>, RegExp]>([
    [
      "a configuration that does not exist",
      { "store.yaml": () => "" },
      /^compose.yaml:12: store mounts .*store.yaml at \/store.yaml, and there is no such file/,
    ],
    [
      "a build without its Dockerfile",
      { "compose.yaml": (text) => text.replace("image: grafana/promtail:3.6.4", "build: ./ship") },
      /^compose.yaml:3: promtail is built from .*ship\/Dockerfile, which does not exist/,
    ],
    [
      "no tenant where there are tenants",
      { "everyline.config.yaml": (text) => text.replace(/ {2}tenant: .*\n/, "") },
      /^everyline.config.yaml:4: store keeps tenants apart \(store.yaml:1\).*set loki.tenant .*which is shop-team/,
    ],
    [
      "another tenant than the shipper's",
      { "everyline.config.yaml": (text) => text.replace("tenant: shop-team", "tenant: other") },
      /^everyline.config.yaml:7: loki.tenant is other, but the shipper sends its lines for shop-team/,
    ],
    [
      "another port than the sink's",
      { "everyline.config.yaml": (text) => text.replace(":3100", ":3101") },
      /^everyline.config.yaml:5: loki.url has port 3101, but store listens at 3100 .*\(store.yaml:3\)/,
    ],
    [
      "a push to another port than the sink's",
      { "ship.yaml": (text) => text.replace(":3100", ":80") },
      /^the shipper pushes to port 80 of store, which listens at 3100/,
    ],
    [
      "a push to a name that nothing has",
      { "ship.yaml": (text) => text.replace("http://store:3100", "http://loki:3100") },
      /^compose.yaml:2: promtail pushes to http:\/\/loki:3100.*, and no service of the Compose files has the name loki/,
    ],
    [
      "networks that are not shared",
      {
        "compose.yaml": (text) =>
          `${text.replace("    depends_on: [store]\n", "    networks: [front]\n")}    networks: [back]\nnetworks: { front: , back: }\n`,
      },
      /^compose.yaml:8: promtail pushes to store, and the two share no network: promtail is in front, store in back/,
    ],
    [
      "the host's network",
      {
        "compose.yaml": (text) => text.replace("    depends_on: [store]\n", "    network_mode: host\n"),
      },
      /^compose.yaml:8: a separate stack cannot be started: promtail uses the network of the host/,
    ],
    [
      "files that the shipper does not read",
      { "ship.yaml": (text) => text.replace("/*.log", "/app.log") },
      /^everyline.config.yaml:2: promtail would not read the files of a run/,
    ],
    [
      "lines that would leave the stack",
      { "ship.yaml": (text) => text.replace("http://store:3100", "https://logs.example.com") },
      /^compose.yaml:2: promtail pushes to https:\/\/logs.example.com/,
    ],
  ])("finds %s, and says where", async (_, changes, message) => {
    const problems = await problemsOf(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it("names all of them at once", async () => {
    const problems = await problemsOf({
      "everyline.config.yaml": (text) => text.replace(":3100", ":3101").replace("shop-team", "other"),
      "ship.yaml": (text) => text.replace("/*.log", "/app.log"),
    });
    expect(problems).toHaveLength(3);
  });
});
