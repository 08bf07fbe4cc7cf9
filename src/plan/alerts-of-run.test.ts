import { expect, it } from "vitest";
import { loadPipeline, type Pipeline } from "../pipeline/pipeline.ts";
import { noServices } from "../pipeline/what-runs.ts";
import { alertsOf, assertNoneOnMonitoring } from "./alerts-of-run.ts";
import { casesOf, loadScenarios } from "./scenario.ts";

const direct = await loadPipeline("direct");
const [scenario] = (await loadScenarios()).flatMap(casesOf);
const load = { ...scenario!.load, lines: 100, linesPerSecond: 10, sources: 1 };
const context = { scenario: scenario!, load, timeScale: 1 / 40, lapse: undefined } as Parameters<
  typeof alertsOf
>[2];
const own: Pipeline = {
  ...direct,
  name: "shop",
  monitoring: undefined,
  deployment: {
    ...{
      kind: "own",
      composeFiles: [],
      configFile: "shop/everyline.config.yaml",
      logsPath: "/logs",
      secrets: [],
    },
    ...{
      envFiles: [],
      services: noServices,
      lines: { fileNames: "*.log", isFileMounted: false, template: undefined },
    },
    ...{ images: new Map(), mounts: { empty: [], copy: [] }, unnamed: new Map(), replicas: new Map() },
  },
};

it("leaves the rules of the user's own Prometheus as they are, whatever else is scaled", () => {
  const ownMonitoring = { prometheus: { services: { metrics: null }, port: 9_090 } };
  expect(alertsOf({ expected: true }, { ...own, ownMonitoring }, context)).toEqual({
    timeScale: 1,
    ruleSets: [],
    expected: true,
  });
});

it("refuses a pipeline of the user's own whose configuration names no Prometheus, and says how to", () => {
  expect(() => alertsOf({ expected: false }, own, context)).toThrow(
    /watches shop .* but shop\/everyline\.config\.yaml names none\. Add `monitoring: \{ prometheus: SERVICE \}`/,
  );
});

it("refuses a fault on what measures Kafka where nothing watches, and takes faults on parts", async () => {
  const kafka = await loadPipeline("kafka");
  const onExporter = { kind: "stop", target: "kafka-metrics", at: 0.1, until: 0.2 } as const;
  const onPart = { kind: "stop", target: "consumer", at: 0.1, until: 0.2 } as const;
  expect(() => assertNoneOnMonitoring([onPart, onExporter], kafka)).toThrow(
    "the fault stop kafka-metrics acts on what watches kafka, which runs only if alerts are observed; add --alerts.",
  );
  expect(() => assertNoneOnMonitoring([onPart], kafka)).not.toThrow();
  expect(() => assertNoneOnMonitoring([{ ...onPart, target: "sink" }], direct)).not.toThrow();
});
