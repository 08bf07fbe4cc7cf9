import type { Pipeline } from "../pipeline/pipeline.ts";

/** Where the shipper pushes to, or what that waits for. */
const beyondShipper: Record<"direct" | "kafka", readonly string[]> = {
  direct: ["loki", "shipper-loki"],
  kafka: ["gateway", "kafka", "kafka-pair", "shipper-gateway", "gateway-kafka"],
};

/** Whether a shipper gets nothing acknowledged while a fault holds, so that its retries run. */
export function stopsShipper(
  { kind, target }: { kind: string; target: string },
  { kafka }: Pick<Pipeline, "kafka">,
): boolean {
  // What is replaced by something else is away for a part of the time only.
  if (kind === "swap-image") return false;
  return beyondShipper[kafka === undefined ? "direct" : "kafka"].includes(target);
}
