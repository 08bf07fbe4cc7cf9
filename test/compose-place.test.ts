import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { holdsPlaceContract } from "./contracts/place-contract.ts";
import { needImages } from "./support/need-images.ts";

// The program that kills several at once runs in Kafka's image, so only a pipeline with a Kafka can do everything.
const pipeline = await loadPipeline("kafka", "single");
await needImages(pipeline);

holdsPlaceContract("compose", async () => ({
  place: await openPlace(),
  pipeline,
  service: "promtail",
  link: "shipper-gateway",
  otherImage: "grafana/loki:3.6.4",
}));
