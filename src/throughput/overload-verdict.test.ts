import { describe, expect, it } from "vitest";
import { overloadVerdict } from "./overload-verdict.ts";
import type { Overload } from "./throughput-document.ts";

const calm = { ofMachine: 2, busy: 0.5, diskWait: 0, harness: 0.1, instances: {} };
const lines = { lines: 1_000, delivered: 1_000, lost: 0, duplicated: 0, damaged: 0, processors: calm };
const over = { load: 2_000, writtenRate: 2_000, durationSeconds: 60, ...lines };
const after = { load: 500, writtenRate: 500, durationSeconds: 180, ...lines };
const well: Omit<Overload, "verdict" | "why"> = {
  ...{ highest: 1_000, over, after, caughtUpSeconds: 20, boundSeconds: 180, isBacklogLeft: false },
  ...{ refused: [], memoryPeaks: {}, ended: [] },
};
const late = { ...well, caughtUpSeconds: 181 };
const died = [{ instance: "store", exitCode: 137, isOutOfMemory: true }];
const isBusy = { ...after, processors: { ...calm, busy: 0.95 } };

describe("the verdict on an overload", () => {
  it.each<[string, Partial<typeof well>, string, string]>([
    ["holds if every line arrived in time", {}, "holds", "caught-up"],
    ["holds though copies came", { over: { ...over, duplicated: 5 } }, "holds", "caught-up"],
    ["is broken by a lost line", { over: { ...over, lost: 1 }, caughtUpSeconds: null }, "broken", "lost"],
    [
      "is broken by a line that was lost after the overload",
      { after: { ...after, lost: 1 } },
      "broken",
      "lost",
    ],
    ["is broken by a damaged line", { after: { ...after, damaged: 1 } }, "broken", "damaged"],
    ["is broken by an instance that ended", { ended: died }, "broken", "instance-ended"],
    ["is broken if it takes too long", { ...late }, "broken", "not-caught-up"],
    ["is unknown if the machine is why", { ...late, after: isBusy }, "unknown", "machine-at-its-end"],
    ["is unknown if too little was written", { over: { ...over, writtenRate: 1_400 } }, "unknown", "writer"],
    [
      "takes no line for lost that is on its way",
      { over: { ...over, lost: 9 }, isBacklogLeft: true, caughtUpSeconds: null },
      ...(["broken", "not-caught-up"] as const),
    ],
  ])("%s", (_, differs, verdict, why) => {
    expect(overloadVerdict({ ...well, ...differs })).toEqual({ verdict, why });
  });
});
