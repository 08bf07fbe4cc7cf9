import { expect, it } from "vitest";
import type { Counts } from "../judge/counts.ts";
import type { SoakDocument } from "./soak-document.ts";
import { volumeMeasurements } from "./volume-measurements.ts";

/** Half an hour at a rate with which 100 GB a day are exceeded a little. */
function soak(changes: Partial<SoakDocument>, lost = 0): SoakDocument {
  const { hours = 0.5, linesPerSecond = 6_000 } = changes;
  const counts = { written: hours * 3_600 * linesPerSecond, lost, duplicated: 0 } as Counts;
  const environment = { engine: "20", api: "1", kernel: "6", cpus: 2, memoryBytes: 2 ** 30 };
  return {
    ...{ runId: "a", finishedAt: "2026-11-28T00:00:00.000Z", pipeline: "direct", images: [], environment },
    ...{ hours, linesPerSecond, bytesPerLine: 200, linesVerdict: "holds", drifts: [], counts, ...changes },
  } as unknown as SoakDocument;
}

it("says what was written, in which time, and what became of it", () => {
  const of = "of 10,800,000 lines, 0 were lost and 0 duplicated";
  expect(volumeMeasurements(soak({}))).toMatchObject([
    {
      claimed: "less than 1,000,000 lines a day",
      measured: `10,800,000 lines in 30 min, which is 518,400,000 lines a day: ${of}`,
    },
    { claimed: "less than 100 GB a day", measured: `2.2 GB in 30 min, which is 104 GB a day: ${of}` },
  ]);
  expect(volumeMeasurements(soak({ pipeline: "kafka" }))[1]?.claimed).toBe("more than 100 GB a day");
});

it.each<[string, SoakDocument, Record<string, string>]>([
  [
    "what a day would have, but not the volume itself",
    soak({}),
    { "lines-a-day": "holds", "bytes-a-day": "unknown" },
  ],
  ["the volume itself", soak({ hours: 24 }), { "lines-a-day": "holds", "bytes-a-day": "holds" }],
  ["too few bytes in a day", soak({ bytesPerLine: 100, hours: 24 }), { "lines-a-day": "holds" }],
  ["too little", soak({ linesPerSecond: 10 }), {}],
  ["the volume in more than a day", soak({ hours: 25 }), {}],
  ["nothing that is claimed", soak({ pipeline: "constructor" }), {}],
  [
    "lines that were lost at about the volume",
    soak({ linesVerdict: "broken" }, 3),
    { "lines-a-day": "unknown", "bytes-a-day": "broken" },
  ],
  [
    "lines that were lost at a higher one",
    soak({ linesVerdict: "broken", linesPerSecond: 9_000 }, 3),
    { "lines-a-day": "unknown", "bytes-a-day": "unknown" },
  ],
  [
    "lines that could not be judged",
    soak({ linesVerdict: "unknown" }),
    { "lines-a-day": "unknown", "bytes-a-day": "unknown" },
  ],
])("a soak with %s", (_, document, verdicts) => {
  const shown = volumeMeasurements(document).map(({ quantity, verdict }) => [quantity, verdict]);
  expect(Object.fromEntries(shown)).toEqual(verdicts);
});
