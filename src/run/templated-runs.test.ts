import { expect, it } from "vitest";
import { memoryRun } from "../../test/support/memory-run.ts";
import type { ScheduledFault } from "../plan/scenario.ts";

const line = '{"ts":"{time}","lvl":"{level}","msg":"{line}"}';
const cut: ScheduledFault = { kind: "disconnect", target: "shipper-sink", at: 0.2, until: 0.8 };

/** The text in the field `msg` of a line as it is written. */
const messageOf = (text: string): string => JSON.parse(text).msg;
const numberOf = (text: string) => Number(/Test log (\d+) /.exec(text)![1]);

function templated(rewrite?: (text: string) => string) {
  return memoryRun({ line, faults: [cut], place: { shipper: { rewrite } } });
}

it.concurrent.each([
  ["as it is written", undefined, { before: ['{"ts":"', '","lvl":"info","msg":"'], after: ['"}'] }],
  ["as the line alone", messageOf, { before: [""], after: [""] }],
  [
    "as JSON with a time of its own",
    (text: string) => JSON.stringify({ at: Math.random(), m: { text: messageOf(text) } }),
    { before: [""], after: [""], within: ["m", "text"] },
  ],
  [
    "with something of the pipeline's around it",
    (text: string) => `INFO ${JSON.parse(text).ts} ${messageOf(text)}`,
    { before: ["INFO ", " "], after: [""], isForeign: true },
  ],
])("holds where every line is stored %s", async (_, rewrite, stored) => {
  const { document } = await templated(rewrite);
  expect(document.reasons).toEqual([]);
  expect(document.verdict).toBe("holds");
  expect(document.plan.load?.line).toBe(line);
  expect(document.stored).toEqual(stored);
  const { written } = document.counts;
  expect(document.counts).toMatchObject({ delivered: written, lost: 0, corrupted: 0, unexpected: 0 });
});

it.concurrent("is broken by exactly the lines that stages of the pipeline damage", async () => {
  const { document } = await templated((text) => {
    const message = messageOf(text);
    return numberOf(text) % 10 === 7 ? message.replace("Test log", "Test_log") : message;
  });
  expect(document.verdict).toBe("broken");
  const { written, delivered, corrupted, lost } = document.counts;
  const endingInSeven = (lines: number) => Math.floor((lines + 3) / 10);
  const damaged = endingInSeven(Math.ceil(written / 2)) + endingInSeven(Math.floor(written / 2));
  expect({ delivered, corrupted, lost }).toEqual({
    delivered: written - damaged,
    corrupted: damaged,
    lost: damaged,
  });
});

it.concurrent("is broken where some lines are stored otherwise than the sentinels", async () => {
  const { document } = await templated((text) => (numberOf(text) === 5 ? messageOf(text) : text));
  expect(document.verdict).toBe("broken");
  expect(document.counts).toMatchObject({ lost: 2, truncated: 2 });
});

it.concurrent("is unknown where what the pipeline puts around each line differs", async () => {
  const { document } = await templated((text) => `${numberOf(text)}: ${messageOf(text)}`);
  expect(document.verdict).toBe("unknown");
  const { written } = document.counts;
  expect(document.counts).toMatchObject({ delivered: written, lost: 0 });
  expect(document.reasons[0]).toMatchObject({ code: "frame-varies", lines: written });
});

it.concurrent("is unknown where the stored text does not contain the line", async () => {
  const { document } = await memoryRun({
    line,
    faults: [cut],
    place: { shipper: { rewrite: (text) => messageOf(text).toUpperCase() } },
    context: { sentinelTimeoutMs: 500 },
  });
  expect(document.verdict).toBe("unknown");
  expect(document.reasons[0]).toMatchObject({ code: "not-proven" });
  expect(document.stored).toBeNull();
});
