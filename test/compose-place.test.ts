import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { holdsPlaceContract } from "./contracts/place-contract.ts";

const open = async () => ({
  place: await openPlace(),
  pipeline: await loadPipeline("direct"),
  service: "promtail",
  link: "shipper-sink" as const,
  otherImage: "grafana/loki:3.6.4",
});

// The program that kills several at once runs in Kafka's image, which this pipeline does without.
// Only a stack that was started from the user's own files can be compared with them.
holdsPlaceContract("compose", open, ["killAtOnce", "proveMounts"]);
