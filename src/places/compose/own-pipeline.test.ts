import { describe, expect, it } from "vitest";
import { networkedModel } from "../../../test/support/compose-model.ts";
import { ownConfig } from "../../../test/support/own-config.ts";
import { withoutKnownLog } from "../../faults/targets.ts";
import { victoriaLogs } from "../../products/victoria-logs.ts";
import { ownPipeline } from "./own-pipeline.ts";

const shipper = { service: "tailer" };
const noImages = { images: new Map() };

describe("the pipeline of a configuration", () => {
  it("has the service of the sink's URL as its reader, and a link that can be cut", () => {
    const model = networkedModel({ tailer: ["obs"], store: ["obs"] });
    const config = ownConfig({ shipper });
    expect(ownPipeline(config, model, noImages)).toMatchObject({
      name: "shop",
      layout: "own",
      selector: config.sink.selector,
      shipper: { services: { tailer: null } },
      sink: {
        kind: config.sink.kind,
        services: { store: null },
        port: 3_100,
        reader: "store",
        ingesters: ["store"],
      },
      links: { "shipper-sink": { network: "obs", disconnect: ["store"] } },
    });
  });

  it("has no link whose ends share several networks, or whose only network another part is in, too", () => {
    const twice = networkedModel({ tailer: ["obs", "more"], store: ["obs", "more"] });
    expect(ownPipeline(ownConfig({ shipper }), twice, noImages).links).toEqual({});
    const withKafka = ownConfig({
      shipper,
      gateway: { service: "gate" },
      consumer: { service: "eater" },
      kafka: { services: ["k1"], port: 9_092, topic: "t", group: "g" },
    });
    const one = networkedModel({
      tailer: ["a"],
      gate: ["a", "b"],
      k1: ["b", "c"],
      eater: ["c", "d"],
      store: ["d"],
    });
    expect(Object.keys(ownPipeline(withKafka, one, noImages).links).sort()).toEqual([
      "consumer-kafka",
      "consumer-sink",
      "gateway-kafka",
      "shipper-gateway",
    ]);
    const flat = networkedModel({ tailer: ["a"], gate: ["a"], k1: ["a"], eater: ["a"], store: ["a"] });
    expect(ownPipeline(withKafka, flat, noImages).links).toEqual({});
  });

  it("sends tenant and password to the sink, and lists every text that is secret", () => {
    const basicAuth = { username: "me", password: "pass word" };
    const model = networkedModel({ tailer: ["obs"], store: ["obs"] });
    model.services.tailer!.environment = { SHOP_TOKEN: "token-of-the-shop", LEVEL: "information" };
    model.services.store!.command = ["-x.password=flag-secret", "-config.file=/etc/l.yaml"];
    const config = ownConfig({ shipper }, { tenant: "team", basicAuth });
    const { sink, deployment } = ownPipeline(config, model, noImages);
    const encoded = Buffer.from("me:pass word").toString("base64");
    expect(sink.access?.headers).toEqual({ "x-scope-orgid": "team", authorization: `Basic ${encoded}` });
    expect(deployment).toMatchObject({
      secrets: ["pass word", "pass%20word", encoded, "token-of-the-shop", "flag-secret"],
    });
  });

  it("reaches a sink outside of the stack by its URL", () => {
    const config = ownConfig({ shipper }, { url: "https://store.example/", bearerToken: "abcdefgh" });
    const { sink } = ownPipeline(config, networkedModel({ tailer: ["obs"] }), noImages);
    expect(sink).toMatchObject({ services: {}, ingesters: [], access: { url: "https://store.example" } });
    expect(sink.access?.headers).toEqual({ authorization: "Bearer abcdefgh" });
  });

  it("is refused where the configuration names a service that the Compose file lacks, with those that it has", () => {
    const model = networkedModel({ promtail: [], store: [] });
    expect(() => ownPipeline(ownConfig({ shipper }), model, noImages)).toThrow(
      /names the service "tailer", which .*compose.yaml does not have; it has: promtail, store/,
    );
  });

  it("may end in files, which one service writes, be it the shipper itself", () => {
    const files = (service: string) => {
      const sink = { kind: "file" as const, service, path: "/out/logs*.json" };
      return { ...ownConfig({ shipper }), sink };
    };
    expect(ownPipeline(files("tailer"), networkedModel({ tailer: ["obs"] }), noImages)).toMatchObject({
      selector: "/out/logs*.json",
      shipper: { services: { tailer: null } },
      sink: { kind: "file", services: { tailer: null }, reader: "tailer", ingesters: ["tailer"] },
      // A process has no connection to itself.
      links: {},
      beside: {},
    });
    const apart = networkedModel({ tailer: ["obs"], rsyslog: ["obs"] });
    expect(ownPipeline(files("rsyslog"), apart, noImages).links).toEqual({
      "shipper-sink": { network: "obs", disconnect: ["rsyslog"] },
    });
    apart.services.rsyslog!.scale = 2;
    expect(() => ownPipeline(files("rsyslog"), apart, noImages)).toThrow(
      /rsyslog, which has 2 containers, and files can be read from one alone/,
    );
  });

  it("may end in VictoriaLogs, which has no write-ahead log", () => {
    const url = "http://store:9428/insert/jsonline";
    const config = ownConfig({ shipper }, { kind: "victorialogs", product: victoriaLogs, url });
    const pipeline = ownPipeline(config, networkedModel({ tailer: ["obs"], store: ["obs"] }), noImages);
    expect(pipeline.sink).toMatchObject({ port: 9_428, reader: "store", ingesters: ["store"] });
    expect(pipeline.sink.access).toMatchObject({ url: undefined, path: "" });
    expect(withoutKnownLog(pipeline)).toMatch(
      /^is about the write-ahead log of .*, and the sink is VictoriaLogs$/,
    );
  });
});
