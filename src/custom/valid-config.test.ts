import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networkedModel } from "../../test/support/compose-model.ts";
import { configSchema, readConfig } from "../pipeline/own-config.ts";
import { ownPipeline } from "../places/compose/own-pipeline.ts";
import { configText } from "./config-text.ts";
import { guess } from "./guess-config.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function configOf(text: string, environment = {}) {
  const path = join(folder, "everyline.config.yaml");
  await writeFile(path, text);
  return readConfig(path, environment);
}

const noImages = { images: new Map() };

it("the page about configurations explains every key, in an example that is valid", async () => {
  const page = await readFile(join(import.meta.dirname, "../../docs/your-own-pipeline.md"), "utf8");
  const [, text = ""] = /^```yaml\n(name:[\s\S]*?)^```$/m.exec(page) ?? [];
  const config = await configOf(text, { LOKI_PASSWORD: "correct horse battery" });
  expect(config).toMatchObject({
    name: "shop",
    sink: { kind: "loki", basicAuth: { password: "correct horse battery" } },
  });
  const services = [
    "collector",
    "logstore",
    "gate",
    "kafka-1",
    "kafka-2",
    "kafka-3",
    "eater",
    "prometheus",
    "pager",
  ];
  const model = networkedModel(Object.fromEntries(services.map((service) => [service, ["obs"]])));
  expect(ownPipeline(config, model, noImages)).toMatchObject({
    gateway: { services: { gate: null } },
    kafka: { topic: "logs", group: "to-loki" },
    sink: { services: { logstore: null }, ingesters: ["logstore"] },
    ownMonitoring: { prometheus: { services: { prometheus: null }, port: 9_090 } },
  });
  const { loki, victorialogs: _, file: __, kafka, ...others } = configSchema.shape;
  const parts = [others, others.source.shape, loki.unwrap().shape, kafka.unwrap().shape];
  const keys = parts.flatMap((shape) => Object.keys(shape));
  for (const key of keys) expect(text).toMatch(new RegExp(`\\b${key}:`));
});

it.each(["victorialogs", "file"] as const)("the reference explains every key of %s as well", async (kind) => {
  const page = await readFile(join(import.meta.dirname, "../../docs/own-pipeline-reference.md"), "utf8");
  const [, text = ""] = new RegExp(`^\`\`\`yaml\\n(${kind}:\\n[^]*?)^\`\`\`$`, "m").exec(page) ?? [];
  const others = "compose: compose.yaml\nsource: { folder: /var/log/shop }\nshipper: { service: tailer }\n";
  const config = await configOf(others + text, { VICTORIALOGS_PASSWORD: "correct horse battery" });
  expect(config.sink.kind).toBe(kind);
  for (const key of Object.keys(configSchema.shape[kind].unwrap().shape))
    expect(text).toMatch(new RegExp(`\\b${key}:`));
});

describe("the configuration that init guesses", () => {
  it("tells the parts by images and folders, and is valid once it is filled in", async () => {
    const model = networkedModel({ agent: ["obs"], grafana: ["obs"], logstore: ["obs"] });
    const { agent, logstore } = model.services;
    agent!.image = "otel/opentelemetry-collector-contrib:0.158.0";
    agent!.volumes = [
      { type: "bind", source: "/x/c.yaml", target: "/etc/otel/config.yaml", read_only: true },
      { type: "volume", source: "state", target: "/var/lib/otelcol", read_only: false },
      { type: "bind", source: "/x/logs", target: "/var/log/shop", read_only: true },
    ];
    logstore!.image = "grafana/loki:3.6.4";
    logstore!.ports = [{ target: 3_101, published: "3100" }];
    const guessed = await guess(model);
    expect(guessed).toMatchObject({
      shipper: { value: "agent" },
      source: { value: { folder: "/var/log/shop" } },
      loki: { service: "logstore", port: 3_101, services: ["logstore"] },
      selector: {
        selector: '{service_name=~".+"}',
        why: "agent has its configuration /etc/otelcol-contrib/config.yaml from its image or a volume",
      },
      kafka: undefined,
    });
    const config = await configOf(configText(["compose.yaml"], guessed));
    expect(ownPipeline(config, model, noImages).sink).toMatchObject({ reader: "logstore", port: 3_101 });
  });

  it("leaves to be filled in what it cannot tell", async () => {
    const model = networkedModel({ "kafka-1": [], "kafka-ui": [], app: [] });
    const guessed = await guess(model);
    expect(guessed).toMatchObject({
      shipper: { why: expect.stringMatching(/no service runs a program that ships lines/) },
      source: {},
      loki: undefined,
      kafka: { services: ["kafka-1"] },
    });
    const text = configText(["compose.yaml"], guessed);
    expect(text).toMatch(/service: FILL-IN # such as promtail/);
    await expect(configOf(text)).rejects.toThrow(
      /still has FILL-IN at .*loki\.url; .*\n(.*\n)* {2}shipper.service: such as promtail/,
    );
  });

  it("is refused with the keys where a value that could be anything is not filled in", async () => {
    const text =
      "compose: a.yaml\nsource: { folder: /x }\nshipper: { service: FILL-IN }\n" +
      "loki: { url: 'http://loki:3100', selector: '{a=\"b\"}', tenant: FILL-IN }\n";
    await expect(configOf(text)).rejects.toThrow("still has FILL-IN at shipper.service, loki.tenant;");
  });
});
