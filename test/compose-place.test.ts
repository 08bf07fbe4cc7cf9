import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { openPlace } from "../src/places/open-place.ts";
import { holdsPlaceContract } from "./contracts/place-contract.ts";

holdsPlaceContract("compose", async () => ({
  place: await openPlace(),
  pipeline: await loadPipeline("direct"),
  service: "promtail",
  link: "shipper-loki",
  otherImage: "grafana/loki:3.6.4",
}));
