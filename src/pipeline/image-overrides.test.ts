import { describe, expect, it } from "vitest";
import { parseImageOverride, withImages } from "./image-overrides.ts";
import { loadPipeline } from "./pipeline.ts";

describe("withImages", () => {
  it("changes the version of every part that runs an image, and no other", async () => {
    const pipeline = await loadPipeline("kafka", "single");
    const changed = withImages(pipeline, parseImageOverride("loki=3.7.6"));
    expect(changed.sink.image).toEqual({ ...pipeline.sink.image, version: "3.7.6" });
    expect({ ...changed, sink: pipeline.sink }).toEqual(pipeline);
  });

  it("takes a whole reference, and several images", async () => {
    const images = parseImageOverride(
      "promtail=mine/promtail:1",
      parseImageOverride("loki=grafana/loki:3.7.6"),
    );
    const { sink, shipper } = withImages(await loadPipeline("direct"), images);
    expect(sink.image).toMatchObject({ name: "loki", reference: "grafana/loki:3.7.6" });
    expect(shipper.image).toMatchObject({ reference: "mine/promtail:1" });
  });

  it("changes what watches a pipeline as well", async () => {
    const pipeline = await loadPipeline("kafka", "single");
    const { monitoring, ...rest } = withImages(pipeline, parseImageOverride("prometheus=3.17.0"));
    expect(monitoring!.prometheus.image).toMatchObject({ name: "prometheus", version: "3.17.0" });
    expect({ ...rest, monitoring: { ...monitoring, prometheus: pipeline.monitoring!.prometheus } }).toEqual(
      pipeline,
    );
  });

  it("names the images there are where a pipeline runs none of that name", async () => {
    const pipeline = await loadPipeline("direct");
    expect(() => withImages(pipeline, parseImageOverride("kafka=4.3.0"))).toThrow(
      'the pipeline direct runs no image "kafka"; it runs: promtail, loki, prometheus, alertmanager, alert-receiver.',
    );
  });
});

it.each(["loki", "=3.7.6", "loki=", "lo ki=3"])("does not take %j for an image", (text) => {
  expect(() => parseImageOverride(text)).toThrow("expected NAME=VERSION or NAME=REFERENCE for --image");
});
