import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ComposeModel } from "../places/compose/compose-model.ts";
import { assertReads } from "../places/compose/read-check.ts";
import { configText } from "./config-text.ts";
import { guess } from "./guess-config.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

const service = { ports: [], volumes: [], networks: {}, environment: {}, command: null, depends_on: {} };
const logs = { type: "bind", source: "/x/logs", target: "/var/log/shop", read_only: true };

/** A stack whose shipper has a configuration of the user's. */
async function stackWith(
  image: string,
  command: string[],
  path: string,
  config: string,
  others: ComposeModel["services"] = { loki: { ...service, image: "grafana/loki:3.6.4" } },
): Promise<ComposeModel> {
  const file = join(folder, "config");
  await writeFile(file, config);
  const volumes = [{ type: "bind", source: file, target: path, read_only: true }, logs];
  const environment = { STAGE: "prod", TEAM: null };
  const shipper = { ...service, image, command, volumes, environment };
  return { name: "shop", services: { shipper, ...others }, networks: {}, volumes: {} };
}

function promtail(scrapes: string, clients = "[{ url: http://loki:3100/loki/api/v1/push }]") {
  const config = `clients: ${clients}\nscrape_configs:\n${scrapes}`;
  return stackWith("grafana/promtail:3.6.4", ["-config.file=/p.yaml"], "/p.yaml", config);
}

const job = (labels: string, rest = "") =>
  `  - { job_name: j, static_configs: [{ labels: { ${labels} } }]${rest === "" ? "" : `, ${rest}`} }\n`;

describe("a guess with Promtail's configuration", () => {
  it("has no folder, and says why, where no files are read", async () => {
    const model = await promtail("  - { job_name: all, syslog: { listen_address: 0.0.0.0:1514 } }\n");
    expect(configText(["a.yaml"], await guess(model))).toMatch(
      /folder: FILL-IN # .*by its configuration it reads no files but syslog/,
    );
  });

  it("has the labels of the files in the folder as its selector, and no other", async () => {
    const model = await promtail(
      job("job: system, __path__: /var/log/*.log") +
        job('job: shop, env: "it\'s", __path__: /var/log/shop/*.log') +
        "  - { job_name: all, docker_sd_configs: [{ host: unix:///var/run/docker.sock }] }\n",
    );
    const guessed = await guess(model);
    expect(guessed).toMatchObject({
      source: { value: { folder: "/var/log/shop" } },
      selector: { selector: '{job="shop", env="it\'s"}' },
      loki: { service: "loki", port: 3_100 },
    });
    expect(configText(["a.yaml", "b.yaml"], guessed)).toMatch(
      /compose: \[a.yaml, b.yaml\][\s\S]*selector: '\{job="shop", env="it''s"\}' # matches every stream/,
    );
  });

  it("names the path where other files have the same labels", async () => {
    const both = job("job: x, __path__: /var/log/shop/*.log") + job("job: x, __path__: /var/log/other/*.log");
    expect((await guess(await promtail(both))).selector).toEqual({
      selector: '{job="x", filename=~"/var/log/shop/.+"}',
    });
  });

  it.each([
    ["a stage drops", "pipeline_stages: [{ labeldrop: [env] }]"],
    ["a stage does not allow", "pipeline_stages: [{ labelallow: [job] }]"],
    ["a stage within another sets", "pipeline_stages: [{ match: { stages: [{ labels: { env: } }] } }]"],
    ["a relabelling sets", "relabel_configs: [{ target_label: env, replacement: y }]"],
    ["a relabelling drops", "relabel_configs: [{ action: labeldrop, regex: e.* }]"],
  ])("leaves out a label that %s", async (_, change) => {
    const model = await promtail(job("job: shop, env: x, __path__: /var/log/shop/*.log", change));
    expect((await guess(model)).selector).toEqual({ selector: '{job="shop"}' });
  });

  it("selects every stream where no label is left, and says so", async () => {
    const paths = await guess(await promtail(job("__path__: /var/log/shop/*.log")));
    expect(paths.selector).toEqual({ selector: '{filename=~"/var/log/shop/.+"}' });
    const dropped = job("__path__: /var/log/shop/*.log", "pipeline_stages: [{ labeldrop: [filename] }]");
    const guessed = await guess(await promtail(dropped));
    expect(guessed.selector).toMatchObject({
      selector: '{service_name=~".+"}',
      why: expect.stringMatching(/sets no label/),
    });
    expect(configText(["compose.yaml"], guessed)).toMatch(
      /a narrower selector could not be determined: .*sets no label/,
    );
  });

  it("has the tenant, with variables filled in", async () => {
    const client = "[{ url: http://loki:3100, tenant_id: 'shop-$" + "{STAGE}' }]";
    const guessed = await guess(await promtail(job("job: a, __path__: /var/log/shop/*.log"), client));
    expect(guessed.tenant).toEqual({ value: "shop-prod" });
    expect(configText(["compose.yaml"], guessed)).toContain('  tenant: "shop-prod"');
  });

  it("takes the file where one file is read, and a run that writes others is refused", async () => {
    const model = await promtail(job("job: a, __path__: /var/log/shop/app.log"));
    const guessed = await guess(model);
    expect(guessed.source).toEqual({ value: { folder: "/var/log/shop", file: "app.log", line: undefined } });
    expect(configText(["compose.yaml"], guessed)).toMatch(/folder: \/var\/log\/shop\n {2}file: 'app.log'/);
    await expect(assertReads(model, "shipper", "/var/log/shop")).rejects.toThrow(
      /shipper would not read the files of a run: by its configuration it reads \/var\/log\/shop\/app.log, .* app-1.log into \/var\/log\/shop/,
    );
  });

  it("refuses no run whose files are read, or may be", async () => {
    const read = await promtail(job("job: a, __path__: '/var/log/**/*.log'"));
    await assertReads(read, "shipper", "/var/log/shop");
    const found = await promtail(
      `${job("job: a, __path__: /x/a.log")}  - { file_sd_configs: [{ files: [x] }] }\n`,
    );
    await assertReads(found, "shipper", "/var/log/shop");
  });
});

describe("a guess of Loki", () => {
  const loki = (command: string[] | null = null) => ({ ...service, image: "grafana/loki:3.6.4", command });
  const config = (host: string) =>
    `clients: [{ url: "http://${host}/push" }]\nscrape_configs:\n${job("job: a, __path__: /var/log/shop/*.log")}`;
  const stack = (host: string, others: ComposeModel["services"]) =>
    stackWith("grafana/promtail:3.6.4", ["-config.file", "/p.yaml"], "/p.yaml", config(host), others);

  it("finds all of them behind the proxy that the shipper pushes to", async () => {
    const proxy = { ...service, image: "nginx", container_name: "gate.way" };
    const model = await stack("gate.way:8080", { "loki-1": loki(), "loki-2": loki(), proxy });
    const guessed = await guess(model);
    expect(guessed.loki).toEqual({
      service: "proxy",
      port: 8_080,
      services: ["loki-1", "loki-2"],
      writers: undefined,
    });
    expect(configText(["compose.yaml"], guessed)).toMatch(
      /url: http:\/\/proxy:8080.*[\s\S]*services: \[loki-1, loki-2\]/,
    );
  });

  it("asks the one that answers, and flushes those that hold lines, where Loki is split", async () => {
    const model = await stack("write:3100", { write: loki(["-target=write"]), read: loki(["-target=read"]) });
    const { loki: guessed } = await guess(model);
    expect(guessed).toEqual({
      service: "read",
      port: 3_100,
      services: ["write", "read"],
      writers: ["write"],
    });
  });
});

describe("a guess with the configuration of the OpenTelemetry Collector", () => {
  const collector = (receiver: string, rest = "") =>
    stackWith(
      "otel/opentelemetry-collector-contrib:0.158.0",
      ["--config=/c.yaml"],
      "/c.yaml",
      `receivers: { filelog/shop: { include: [/var/log/shop/*.log], ${receiver} } }
exporters: { otlphttp: { endpoint: http://loki:3100/otlp, headers: { X-Scope-OrgID: "$\{env:STAGE}" } } }
${rest}service: { pipelines: { logs: { receivers: [filelog/shop], processors: [resource, transform], exporters: [otlphttp] } } }
`,
    );

  it.each([
    ["the receiver", "resource: { service.name: shop }", ""],
    [
      "a processor",
      "",
      "processors: { resource: { attributes: [{ key: service.name, value: shop, action: upsert }] } }\n",
    ],
  ])("has the name of the service that %s gives plainly", async (_, receiver, rest) => {
    expect(await guess(await collector(receiver, rest))).toMatchObject({
      source: { value: { folder: "/var/log/shop" } },
      selector: { selector: '{service_name="shop"}' },
      tenant: { value: "prod" },
    });
  });

  it("takes no name that is set elsewhere as well, or by a variable that is not known", async () => {
    const elsewhere =
      'processors: { transform: { log_statements: [set(resource.attributes["service.name"], "x")] } }\n';
    for (const model of [
      await collector("resource: { service.name: shop }", elsewhere),
      await collector(`resource: { service.name: "$\{env:NOBODY}" }`),
    ])
      expect(await guess(model)).toMatchObject({
        selector: { selector: '{service_name=~".+"}', why: expect.stringMatching(/sets no label/) },
      });
  });
});
