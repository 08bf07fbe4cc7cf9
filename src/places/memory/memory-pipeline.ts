import type { Pipeline } from "../../pipeline/pipeline.ts";

export const shipperService = "shipper";
export const storeService = "store";
/** The link between the two. */
export const memoryNetwork = "delivery";

/**
 * The description of the pipeline that the memory place runs: a shipper with retries, and a store.
 *
 * @param kind of the sink: the store is asked for its lines, or the file on its disk is read
 */
export function memoryPipeline(kind: "memory" | "file" = "memory"): Pipeline {
  return {
    name: "memory",
    layout: "single",
    title: "A shipper and a store in this process",
    compose: "",
    folder: "",
    selector: kind === "file" ? "/out/lines.log" : "",
    quietSeconds: 0.1,
    shipper: {
      services: { [shipperService]: null },
      patience: {
        backoffs: [{ minPeriodMs: 5, maxPeriodMs: 20, maxRetries: 0, tryTimeoutMs: 10 }],
        batchWaitMs: 0,
      },
    },
    sink: {
      kind,
      services: { [storeService]: null },
      reader: storeService,
      ingesters: [storeService],
    },
    links: { "shipper-sink": { network: memoryNetwork, disconnect: [storeService] } },
    targets: {},
    beside: {},
    deployment: { kind: "fixture", logsVariable: "" },
  };
}
