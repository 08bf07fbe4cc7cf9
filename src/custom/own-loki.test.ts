import { describe, expect, it } from "vitest";
import { composeModel } from "../../test/support/compose-model.ts";
import { ownConfig } from "../../test/support/own-config.ts";
import type { ComposeModel } from "../places/compose/compose-model.ts";
import { ownPipeline } from "../places/compose/own-pipeline.ts";
import { isDataFileName } from "../places/compose/written-data.ts";
import { loki } from "../products/loki.ts";

function modelOf(images: Record<string, string>): ComposeModel {
  const services = Object.entries(images).map(([name, image]) => {
    const depends_on = name === "promtail" ? { loki: {}, "loki-2": {} } : {};
    return [name, { image, depends_on }];
  });
  return composeModel(Object.fromEntries(services));
}

describe("a stack of the user's own with Loki in it", () => {
  it.each([
    ["grafana/loki:3.6.5", "what loki runs"],
    ["shop/my-loki:1", "shop/my-loki:1"],
  ])("is refused where a second Loki of the image %s would start that is not named", (image, runs) => {
    const config = ownConfig({}, { kind: "loki", product: loki, url: "http://loki:3100" });
    const model = modelOf({
      promtail: "grafana/promtail:3.6.4",
      loki: "grafana/loki:3.6.4",
      "loki-2": image,
    });
    expect(() => ownPipeline(config, model, { images: new Map() })).toThrow(
      `the service loki-2 runs ${runs} and is not among Loki's services, so it would continue while Loki is broken; ` +
        "write loki.services: [loki, loki-2]",
    );
  });

  it("starts without the file in which Loki's processes have written what cluster they are", () => {
    expect(isDataFileName("loki_cluster_seed.json")).toBe(true);
  });
});
