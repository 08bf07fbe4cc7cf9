import { expect, it } from "vitest";
import { timeline1Schema } from "./timeline-1.ts";
import { timelineSchema } from "./timeline-document.ts";
import { seriesOf } from "./track.ts";

/** As earlier releases stored it: at first the parts had counted nothing, and later the shipper was ended. */
const stored = {
  schema: "everyline/timeline@1",
  samples: [
    { at: 1_000, written: 0, readable: 0, consumer: { retries: 0 } },
    {
      at: 1_500,
      written: 40,
      readable: 30,
      shipper: { read: 42, sent: 31, dropped: 1 },
      gateway: { acknowledged: 31, refusedPushes: 2 },
      consumer: { retries: 4 },
    },
    { at: 2_000, written: 50, readable: 48, consumer: { retries: 4 } },
  ],
  sentinels: 2,
  bucketMs: 100,
  buckets: [{ at: 900, written: 50, arrived: 48, latencyMs: { p50: 3, max: 400 }, lost: 2, duplicated: 0 }],
  lost: {
    ranges: [{ source: "app-1", from: 7, to: 8, fromMs: 910, toMs: 920, hop: "shipper" }],
    omittedRanges: 0,
    omittedLines: 0,
  },
  duplicated: { ranges: [], omittedRanges: 0, omittedLines: 0 },
  unplacedCopies: 0,
  recoveredAt: 1_900,
};

it("turns the columns of a timeline that an earlier release stored into tracks, value by value", () => {
  const timeline = timeline1Schema.parse(stored);
  expect(timelineSchema.parse(timeline)).toEqual(timeline);
  const values = Object.fromEntries(
    timeline.tracks.map(({ id }) => [id, seriesOf(timeline.tracks, id)!.values]),
  );
  expect(values).toEqual({
    "lines.written": [0, 40, 50],
    "lines.readable": [0, 30, 48],
    "shipper.read": [null, 42, null],
    "shipper.sent": [null, 31, null],
    "shipper.dropped": [null, 1, null],
    "gateway.acknowledged": [null, 31, null],
    "gateway.refused": [null, 2, null],
    "consumer.retries": [0, 4, 4],
  });
  for (const track of timeline.tracks) expect(track).toMatchObject({ at: [1_000, 1_500, 2_000] });
  const { schema: _, samples: __, ...judged } = stored;
  expect(timeline).toMatchObject(judged);
});

it("has no track of what no sample knew", () => {
  const timeline = timeline1Schema.parse({ ...stored, samples: [stored.samples[0], stored.samples[2]] });
  expect(timeline.tracks.map(({ id }) => id)).toEqual([
    "lines.written",
    "lines.readable",
    "consumer.retries",
  ]);
});
