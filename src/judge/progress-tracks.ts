import type { SeriesTrack } from "./track.ts";

const counted = "Counted by the parts";

/** The tracks of a run's progress, by id, in the order in which a line passes the parts. */
const descriptions = {
  "lines.written": { title: "written", group: "Lines", unit: "lines" },
  "lines.readable": { title: "readable", group: "Lines", unit: "lines" },
  "shipper.read": { title: "read by the shipper", group: counted, unit: "lines", countedBy: "shipper" },
  "shipper.sent": {
    title: "acknowledged to the shipper",
    group: counted,
    unit: "lines",
    countedBy: "shipper",
  },
  "shipper.dropped": {
    title: "given up by the shipper",
    group: counted,
    unit: "lines",
    countedBy: "shipper",
  },
  "gateway.acknowledged": {
    title: "acknowledged by the gateway",
    group: counted,
    unit: "lines",
    countedBy: "gateway",
  },
  "gateway.refused": {
    title: "pushes refused by the gateway",
    group: counted,
    unit: "requests",
    countedBy: "gateway",
  },
  "consumer.retries": {
    title: "pushes tried again by the consumer",
    group: counted,
    unit: "requests",
    countedBy: "consumer",
  },
} satisfies Record<string, Pick<SeriesTrack, "title" | "group" | "unit" | "countedBy">>;

type ProgressId = keyof typeof descriptions;

/**
 * The progress of a run at one time. A count is undefined if it is not known, or the pipeline has no such part. Counts of parts include
 * sentinels.
 */
export type ProgressSample = Partial<Record<ProgressId, number | undefined>>;

/** Turns samples into tracks, one for each quantity that was known at any moment. */
export function progressTracks(samples: readonly { at: number; values: ProgressSample }[]): SeriesTrack[] {
  return (Object.keys(descriptions) as ProgressId[]).flatMap((id): SeriesTrack[] => {
    const values = samples.map((sample) => sample.values[id] ?? null);
    if (values.every((value) => value === null)) return [];
    return [
      { kind: "series", id, ...descriptions[id], isTotal: true, at: samples.map(({ at }) => at), values },
    ];
  });
}
