import { holds } from "../claim.ts";
import type { Row } from "./row.ts";

const text = "The alerts that this is to cause fire, are delivered, and end when their cause has ended.";
const source = "the alert rules themselves";

/** Scenarios of `alert-drills/`: what they promise is about alerts, and any line may be lost. */
export const alertDrills: Row[] = [
  ...["sink-away", "sink-away/in-real-time", "sink-away/for-20-minutes", "shipper-away"].map((name) =>
    drill(name, "direct"),
  ),
  ...["kafka-away", "kafka-away/all", "gateway-and-consumer-away"].map((name) => drill(name, "kafka")),
];

function drill(name: string, pipeline: string): Row {
  return { scenario: `alert-drills/${name}`, text, source, bounds: {}, measured: { [pipeline]: holds } };
}
