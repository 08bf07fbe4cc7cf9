import { readFileSync, truncateSync } from "node:fs";
import { expect, it } from "vitest";
import { memoryRun } from "../../test/support/memory-run.ts";
import { storeService } from "../places/memory/memory-pipeline.ts";
import type { MemoryStack } from "../places/memory/memory-stack.ts";
import type { ScheduledFault } from "../plan/scenario.ts";

const stopped: ScheduledFault = { kind: "stop", target: "sink", at: 0.2, until: 0.6 };
const killed: ScheduledFault = { kind: "kill", target: "sink", at: 0.4, until: 0.6 };
const cut: ScheduledFault = { kind: "disconnect", target: "shipper-sink", at: 0.2, until: 0.8 };

/** The file of the run on this machine. */
function fileOf(stack: MemoryStack): string {
  return stack.instance(storeService).disk.locate(stack.pipeline.selector);
}

it.concurrent("holds over an outage where every line is in the file at the end", async () => {
  const { document } = await memoryRun({ sink: "file", faults: [stopped] });
  expect(document.reasons).toEqual([]);
  expect(document.verdict).toBe("holds");
  expect(document.plan.sink).toBe("file");
  const { written } = document.counts;
  expect(document.counts).toMatchObject({ delivered: written, lost: 0, duplicated: 0, corrupted: 0 });
});

it.concurrent("is broken by exactly the lines that were not written to the file", async () => {
  const { document } = await memoryRun({
    sink: "file",
    place: { store: { losesEvery: 50 } },
    faults: [cut],
  });
  expect(document.verdict).toBe("broken");
  // Of each 50 lines one, the sentinels among them.
  const { written, lost } = document.counts;
  expect(lost).toBe(Math.floor((written + 2) / 50));
});

it.concurrent("is broken by what a writer held in memory when it was killed", async () => {
  let flushing: NodeJS.Timeout | undefined;
  const { document } = await memoryRun({
    sink: "file",
    place: { store: { isDurable: false } },
    faults: [killed],
    meddle: (event, stack) => {
      // What it takes in between stays in its memory.
      if (event === "up" || event === "fault-healed") flushing = setInterval(() => stack!.flush(), 5);
      if (event === "proven" || event === "judged") clearInterval(flushing);
    },
  });
  expect(document.verdict).toBe("broken");
  expect(document.lost.map(({ from }) => from)).toEqual([1, 1]);
});

it.concurrent("is unknown where the file became shorter though nothing was restarted", async () => {
  const { document } = await memoryRun({
    sink: "file",
    faults: [cut],
    meddle: (event, stack) => {
      if (event !== "settled") return;
      const file = fileOf(stack!);
      truncateSync(file, readFileSync(file).indexOf("\n", 2_000) + 1);
    },
  });
  expect(document.verdict).toBe("unknown");
  expect(document.reasons.map(({ code }) => code)).toContain("unread-again");
});

/** The line as it is written within JSON of the application. */
const line = '{"ts":"{time}","lvl":"{level}","msg":"{line}"}';
const messageOf = (text: string): string => JSON.parse(text).msg;

it.concurrent.each<[string, ((text: string) => string) | undefined]>([
  ["as they are written", undefined],
  ["as the line alone", messageOf],
  ["in other JSON", (text) => JSON.stringify({ log: messageOf(text) })],
])("holds where lines within JSON are in the file %s", async (_, rewrite) => {
  const { document } = await memoryRun({
    sink: "file",
    line,
    faults: [cut],
    place: { shipper: { rewrite } },
  });
  expect(document.reasons).toEqual([]);
  expect(document.verdict).toBe("holds");
  expect(document.counts.delivered).toBe(document.counts.written);
});
