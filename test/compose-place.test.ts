import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { holdsPlaceContract } from "./contracts/place-contract.ts";
import { needImages } from "./support/need-images.ts";

// The program that kills several at once runs in Kafka's image, so only a pipeline with a Kafka has that capability.
const pipeline = await loadPipeline("kafka", "single");
await needImages(pipeline);

const open = async () => ({
  place: await openPlace(),
  pipeline,
  service: "promtail",
  link: "shipper-gateway" as const,
  otherImage: "grafana/loki:3.6.4",
});

// Only a stack that was started from the user's own files can be compared with them.
holdsPlaceContract("compose", open, ["proveMounts"]);
