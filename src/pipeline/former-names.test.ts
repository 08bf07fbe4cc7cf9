import { expect, it } from "vitest";
import { currentName, withCurrentNames } from "./former-names.ts";
import { loadPipeline, servicesOf } from "./pipeline.ts";

it("reads a layout from before there were other sinks", () => {
  const loki = { services: { loki: "LOKI_PORT" }, reader: "loki", writers: ["loki"] };
  const link = { network: "monitoring", disconnect: ["loki"] };
  expect(
    withCurrentNames({
      title: "t",
      loki,
      links: { "shipper-loki": link },
      targets: { "loki-writer": ["loki"] },
    }),
  ).toEqual({
    title: "t",
    sink: { kind: "loki", services: { loki: "LOKI_PORT" }, reader: "loki", ingesters: ["loki"] },
    links: { "shipper-sink": link },
    targets: { ingester: ["loki"] },
  });
});

it.each([null, "text", { title: "t" }, { loki: 3 }, { sink: { kind: "loki" }, loki: {} }])(
  "leaves it to the schema to refuse %j",
  (layout) => {
    expect(withCurrentNames(layout)).toBe(layout);
  },
);

it("takes loki for the sink where the sink is Loki, and nowhere else", async () => {
  const direct = await loadPipeline("direct");
  expect(servicesOf(direct, "loki")).toEqual(["loki"]);
  expect(servicesOf(direct, "sink")).toEqual(["loki"]);
  const other = await loadPipeline("direct-victorialogs");
  expect(servicesOf(other, "sink")).toEqual(["victorialogs"]);
  expect(() => servicesOf(other, "loki")).toThrow('the pipeline direct-victorialogs has no "loki"');
});

it("leaves other names as they are", () => {
  expect(["shipper", "kafka-pair", "constructor"].map(currentName)).toEqual([
    "shipper",
    "kafka-pair",
    "constructor",
  ]);
});
