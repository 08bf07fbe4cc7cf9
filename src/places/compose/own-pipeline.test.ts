import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configText } from "../../custom/config-text.ts";
import { guess } from "../../custom/guess-config.ts";
import { withoutKnownLog } from "../../faults/targets.ts";
import { configSchema, readConfig } from "../../pipeline/own-config.ts";
import type { ComposeModel } from "./compose-model.ts";
import { ownPipeline } from "./own-pipeline.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function configOf(text: string, environment = {}, name = "everyline.config.yaml") {
  const path = join(folder, name);
  await writeFile(path, text);
  return readConfig(path, environment);
}

function modelOf(services: Record<string, string[]>): ComposeModel {
  return {
    name: "shop",
    services: Object.fromEntries(
      Object.entries(services).map(([name, networks]) => [
        name,
        {
          image: name,
          ports: [],
          volumes: [],
          networks: Object.fromEntries(networks.map((network) => [network, null])),
          environment: {},
          command: null,
          depends_on: {},
        },
      ]),
    ),
    networks: {},
    volumes: {},
  };
}

const plain = `
name: shop
compose: compose.yaml
source: { folder: /var/log/shop }
shipper: { service: tailer }
loki: { url: "http://store:3100", selector: '{job="x"}' }
`;
/** The same with its lines in files. */
const ofFiles = (file: string) => plain.replace(/^loki:.*$/m, `file: ${file}`);
const noImages = { images: new Map() };

describe("a configuration", () => {
  it("becomes a pipeline with the service of Loki's URL as its reader, and a link that can be cut", async () => {
    const model = modelOf({ tailer: ["obs"], store: ["obs"] });
    const pipeline = ownPipeline(await configOf(plain), model, noImages);
    expect(pipeline).toMatchObject({
      name: "shop",
      layout: "own",
      selector: '{job="x"}',
      shipper: { services: { tailer: null } },
      sink: { kind: "loki", services: { store: null }, port: 3_100, reader: "store", ingesters: ["store"] },
      links: { "shipper-sink": { network: "obs", disconnect: ["store"] } },
    });
  });

  it("has no link where its ends share several networks, or a third part the one", async () => {
    const twice = modelOf({ tailer: ["obs", "more"], store: ["obs", "more"] });
    expect(ownPipeline(await configOf(plain), twice, noImages).links).toEqual({});
    const kafka = `${plain}gateway: { service: gate }\nconsumer: { service: eater }\n`;
    const withKafka = `${kafka}kafka: { services: [k1], port: 9092, topic: t, group: g }\n`;
    const one = modelOf({ tailer: ["a"], gate: ["a", "b"], k1: ["b", "c"], eater: ["c", "d"], store: ["d"] });
    expect(Object.keys(ownPipeline(await configOf(withKafka), one, noImages).links).sort()).toEqual([
      "consumer-kafka",
      "consumer-sink",
      "gateway-kafka",
      "shipper-gateway",
    ]);
    const flat = modelOf({ tailer: ["a"], gate: ["a"], k1: ["a"], eater: ["a"], store: ["a"] });
    expect(ownPipeline(await configOf(withKafka), flat, noImages).links).toEqual({});
  });

  it("sends tenant and password to Loki, the password from the environment, and tells what is secret", async () => {
    const text = plain.replace(
      "selector",
      `tenant: team, basicAuth: { username: me, password: "\${PW}" }, selector`,
    );
    const model = modelOf({ tailer: ["obs"], store: ["obs"] });
    model.services.tailer!.environment = { SHOP_TOKEN: "token-of-the-shop", LEVEL: "information" };
    model.services.store!.command = ["-x.password=flag-secret", "-config.file=/etc/l.yaml"];
    const { sink: loki, deployment } = ownPipeline(
      await configOf(text, { PW: "pass word" }),
      model,
      noImages,
    );
    const encoded = Buffer.from("me:pass word").toString("base64");
    expect(loki.access?.headers).toEqual({ "x-scope-orgid": "team", authorization: `Basic ${encoded}` });
    expect(deployment).toMatchObject({
      secrets: ["pass word", "pass%20word", encoded, "token-of-the-shop", "flag-secret"],
    });
    await expect(configOf(text)).rejects.toThrow("takes a secret from the variable PW, which is not set");
  });

  it("may be written in TypeScript, and may reach a Loki outside of the stack", async () => {
    const text = `export default { name: "far", compose: ["a.yaml", "b.yaml"], source: { folder: "/logs" },
      shipper: { service: "tailer" }, loki: { url: "https://loki.example/", selector: "{a=\\"b\\"}", bearerToken: "abcdefgh" } };`;
    const config = await configOf(text, {}, "far.config.ts");
    expect(config.composeFiles).toEqual([join(folder, "a.yaml"), join(folder, "b.yaml")]);
    const { sink: loki } = ownPipeline(config, modelOf({ tailer: ["obs"] }), noImages);
    expect(loki).toMatchObject({ services: {}, ingesters: [], access: { url: "https://loki.example" } });
    expect(loki.access?.headers).toEqual({ authorization: "Bearer abcdefgh" });
  });

  it.each([
    ["a key nobody knows", `${plain}sources: 3`, /Unrecognized key: "sources"/],
    [
      "a URL that is none",
      plain.replace("http://store:3100", "store:3100"),
      /expected a URL like http:\/\/loki:3100/,
    ],
    ["a selector that is none", plain.replace("'{job=\"x\"}'", "job"), /expected a stream selector like/],
    [
      "a relative folder",
      plain.replace("/var/log/shop", "logs"),
      /expected a path in the shipper's container/,
    ],
    [
      "two ways to log in",
      plain.replace(
        "selector",
        "bearerToken: abcdefgh, basicAuth: { username: a, password: bcdefghi }, selector",
      ),
      /both basicAuth and bearerToken/,
    ],
    [
      "bounds that promise nothing",
      `${plain}bounds: { lateAfterSeconds: 5 }`,
      /without a promise, nothing can be broken/,
    ],
    [
      "no sink",
      plain.replace(/^loki:.*$/m, ""),
      /exactly one of the keys loki, victorialogs, file, .* found none/,
    ],
    [
      "two sinks",
      `${plain}file: { service: tailer, path: /out/logs.json }`,
      /exactly one of the keys loki, victorialogs, file, .* found loki and file/,
    ],
    [
      "wildcards in a folder of the files",
      ofFiles("{ service: tailer, path: /out/*/logs.json }"),
      /expected the path of a file in the container, with wildcards in its last part alone/,
    ],
    [
      "a folder in place of files",
      ofFiles("{ service: tailer, path: /out/ }"),
      /expected the path of a file/,
    ],
    [
      "a path that depends on the folder",
      ofFiles("{ service: tailer, path: logs.json }"),
      /expected the path/,
    ],
    ["text that is no YAML", "compose: [", /cannot be read/],
  ])("is refused with %s", async (_, text, message) => {
    await expect(configOf(text)).rejects.toThrow(message);
  });

  it("is refused where it names a service that the Compose file lacks, with those that it has", async () => {
    const model = modelOf({ promtail: [], store: [] });
    const config = await configOf(plain);
    expect(() => ownPipeline(config, model, noImages)).toThrow(
      /names the service "tailer", which .*compose.yaml does not have; it has: promtail, store/,
    );
  });

  it("may end in files, which one service writes, be it the shipper itself", async () => {
    const config = await configOf(ofFiles("{ service: tailer, path: /out/logs*.json }"));
    expect(config.sink).toEqual({ kind: "file", service: "tailer", path: "/out/logs*.json" });
    const pipeline = ownPipeline(config, modelOf({ tailer: ["obs"] }), noImages);
    expect(pipeline).toMatchObject({
      selector: "/out/logs*.json",
      shipper: { services: { tailer: null } },
      sink: { kind: "file", services: { tailer: null }, reader: "tailer", ingesters: ["tailer"] },
      // A process has no connection to itself.
      links: {},
      beside: {},
    });
    const other = await configOf(ofFiles("{ service: rsyslog, path: /out/all.log }"));
    const apart = ownPipeline(other, modelOf({ tailer: ["obs"], rsyslog: ["obs"] }), noImages);
    expect(apart.links).toEqual({ "shipper-sink": { network: "obs", disconnect: ["rsyslog"] } });
    const scaled = modelOf({ tailer: ["obs"], rsyslog: ["obs"] });
    scaled.services.rsyslog!.scale = 2;
    expect(() => ownPipeline(other, scaled, noImages)).toThrow(/rsyslog, which has 2 containers, and files/);
  });

  it("may end in VictoriaLogs, which has no write-ahead log", async () => {
    const text = plain.replace(
      /^loki:.*$/m,
      `victorialogs: { url: "http://store:9428/insert/loki/api/v1/push", selector: '{job="shop"}', bearerToken: "\${TOKEN}" }`,
    );
    const config = await configOf(text, { TOKEN: "a secret" });
    const pipeline = ownPipeline(config, modelOf({ tailer: ["obs"], store: ["obs"] }), noImages);
    expect(pipeline.sink).toEqual({
      kind: "victorialogs",
      services: { store: null },
      port: 9_428,
      reader: "store",
      ingesters: ["store"],
      access: { headers: { authorization: "Bearer a secret" }, url: undefined, path: "" },
    });
    expect(withoutKnownLog(pipeline)).toBe(
      "is about the write-ahead log of Loki, and the sink is VictoriaLogs",
    );
  });

  it("is explained on its page by one that works, with every key that there is", async () => {
    const page = await readFile(join(import.meta.dirname, "../../../docs/your-own-pipeline.md"), "utf8");
    const [, text = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const config = await configOf(text, { LOKI_PASSWORD: "correct horse battery" });
    expect(config).toMatchObject({
      name: "shop",
      sink: { kind: "loki", basicAuth: { password: "correct horse battery" } },
    });
    const services = ["collector", "logstore", "gate", "kafka-1", "kafka-2", "kafka-3", "eater"];
    const model = modelOf(Object.fromEntries(services.map((service) => [service, ["obs"]])));
    expect(ownPipeline(config, model, noImages)).toMatchObject({
      gateway: { services: { gate: null } },
      kafka: { topic: "logs", group: "to-loki" },
      sink: { services: { logstore: null }, ingesters: ["logstore"] },
    });
    const { loki, victorialogs, file, kafka, ...others } = configSchema.shape;
    const keys = [others, loki.unwrap().shape, kafka.unwrap().shape].flatMap((shape) => Object.keys(shape));
    for (const key of keys) expect(text).toMatch(new RegExp(`\\b${key}:`));
  });

  it.each(["victorialogs", "file"] as const)("is explained there with every key of %s, too", async (kind) => {
    const page = await readFile(join(import.meta.dirname, "../../../docs/your-own-pipeline.md"), "utf8");
    const [, text = ""] = new RegExp(`^\`\`\`yaml\\n(${kind}:\\n[^]*?)^\`\`\`$`, "m").exec(page) ?? [];
    const environment = { VICTORIALOGS_PASSWORD: "correct horse battery" };
    const config = await configOf(plain.replace(/^loki:.*$/m, text), environment);
    expect(config.sink.kind).toBe(kind);
    for (const key of Object.keys(configSchema.shape[kind].unwrap().shape))
      expect(text).toMatch(new RegExp(`\\b${key}:`));
  });

  it("takes with one Compose file what docker compose up takes with it, and with a list no other", async () => {
    const beside = await mkdtemp(join(folder, "beside-"));
    for (const name of ["compose.yaml", "compose.override.yaml"]) await writeFile(join(beside, name), "");
    const path = join(beside, "everyline.config.yaml");
    await writeFile(path, plain);
    const one = await readConfig(path, {});
    expect(one.composeFiles).toEqual([join(beside, "compose.yaml"), join(beside, "compose.override.yaml")]);
    expect(one.notes).toEqual([expect.stringMatching(/override.yaml is used with .*compose.yaml/)]);
    await writeFile(path, plain.replace("compose: compose.yaml", "compose: [compose.yaml]"));
    const list = await readConfig(path, {});
    expect(list.composeFiles).toEqual([join(beside, "compose.yaml")]);
    expect(list.notes).toEqual([
      expect.stringMatching(/leaves out .*override.yaml.* starts something else than that command/),
    ]);
  });

  it("is asked for where there is none", async () => {
    await expect(readConfig(join(folder, "none.yaml"), {})).rejects.toThrow("`everyline init` writes one");
  });
});

describe("a guess", () => {
  it("tells the hops by images and folders, and is a configuration that works once it is filled in", async () => {
    const model = modelOf({ agent: ["obs"], grafana: ["obs"], logstore: ["obs"] });
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
      shipper: "agent",
      logsFolder: "/var/log/shop",
      loki: { service: "logstore", port: 3_101, services: ["logstore"] },
      selector: '{service_name=~".+"}',
      whyNoSelector:
        "agent has its configuration /etc/otelcol-contrib/config.yaml from its image or a volume",
      kafka: [],
    });
    const config = await configOf(configText(["compose.yaml"], guessed));
    expect(ownPipeline(config, model, noImages).sink).toMatchObject({ reader: "logstore", port: 3_101 });
  });

  it("leaves to be filled in what it cannot tell", async () => {
    const model = modelOf({ "kafka-1": [], "kafka-ui": [], app: [] });
    const guessed = await guess(model);
    expect(guessed).toMatchObject({
      shipper: undefined,
      logsFolder: undefined,
      loki: undefined,
      kafka: ["kafka-1"],
    });
    const text = configText(["compose.yaml"], guessed);
    expect(text).toMatch(/service: FILL-IN # such as promtail/);
    await expect(configOf(text)).rejects.toThrow("expected a URL");
  });
});
