import { z } from "zod";

/** The maximum number of tracks of a timeline, and of points or spans of one track. */
export const maxTracks = 256;
export const maxPoints = 512;
export const maxSpans = 300;

const unixMs = z.number().min(0);

const described = {
  /** Unique within a run, and the same in every run: `shipper.read`, `resources.memory/kafka-1`. */
  id: z.string(),
  /** What is measured, as the legend of a chart says it. */
  title: z.string(),
  /** The heading under which a report shows the track. Tracks of one group and unit share a chart. */
  group: z.string(),
  /** The instance that the track is about; absent if it is about a part or the whole run. */
  instance: z.string().optional(),
  /** The part whose processes counted this themselves. The last counts of a process are lost when it is ended. */
  countedBy: z.string().optional(),
};

const seriesSchema = z
  .object({
    kind: z.literal("series"),
    ...described,
    /** Of the values: `lines`, `requests`, `CPUs`, `B`, `B/s`, … */
    unit: z.string(),
    /** Whether the values are totals that only grow; otherwise each value is independent of the others. */
    isTotal: z.boolean(),
    /** When each value was taken, in Unix milliseconds, ascending. */
    at: z.array(unixMs).max(maxPoints),
    /** Null if the value is not known. */
    values: z.array(z.number().nullable()).max(maxPoints),
  })
  .refine(({ at, values }) => at.length === values.length, "a series has as many values as moments");

const spansSchema = z.object({
  kind: z.literal("spans"),
  ...described,
  /** In order of time. */
  spans: z.array(z.object({ fromMs: unixMs, toMs: unixMs, label: z.string() })).max(maxSpans),
  /** The number of further spans, all of them later. */
  omitted: z.int().min(0),
});

/** A quantity or a state over the time of a run. Reports can draw every track, whichever observer recorded it. */
export const trackSchema = z.discriminatedUnion("kind", [seriesSchema, spansSchema]);

export type Track = z.infer<typeof trackSchema>;
export type SeriesTrack = z.infer<typeof seriesSchema>;
export type SpansTrack = z.infer<typeof spansSchema>;

/** What one observer recorded in a run. */
export const observedSchema = z.object({
  /** `arrivals`, `counters`, `resources`, … */
  observer: z.string(),
  /** Whether the verdict depends on what it records; if so, its failure makes the verdict `unknown`. */
  isGroundOfVerdict: z.boolean(),
  /** The error message of its failure, which makes its tracks incomplete; null if it did not fail. */
  failure: z.string().nullable(),
});

export type Observed = z.infer<typeof observedSchema> & { tracks: Track[] };

/** The series with an id; undefined if there is none. */
export function seriesOf(tracks: readonly Track[], id: string): SeriesTrack | undefined {
  return tracks.find((track): track is SeriesTrack => track.kind === "series" && track.id === id);
}

/** The value of a series nearest to a time; undefined if it is not known. */
export function nearestValue({ at, values }: SeriesTrack, ms: number): number | undefined {
  let low = 0;
  let high = at.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  const isEarlierNearer = low > 0 && ms - at[low - 1]! < at[low]! - ms;
  return values[isEarlierNearer ? low - 1 : low] ?? undefined;
}
