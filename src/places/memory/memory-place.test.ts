import { holdsPlaceContract } from "../../../test/contracts/place-contract.ts";
import { memoryPipeline, storeService } from "./memory-pipeline.ts";
import { MemoryPlace } from "./memory-place.ts";

for (const stores of [1, 2]) {
  const open = async () => ({
    place: new MemoryPlace({ stores }),
    pipeline: memoryPipeline(),
    service: storeService,
    link: "shipper-sink" as const,
    otherImage: "memory/store:2",
  });
  holdsPlaceContract(`memory with ${stores} of its stores`, open, [
    // It starts no processes, so that there is nothing to measure.
    ...(["startHelpers", "runProgram", "images", "usage", "stdoutFile", "proveMounts"] as const),
    ...(["find", "duplicate", "limitedDisks"] as const),
  ]);
}
