import type { Timeline } from "../../judge/timeline-document.ts";
import { nearestValue, seriesOf, type Track } from "../../judge/track.ts";
import type { RunTime } from "./run-time.ts";

/** The tracks that the charts of a run's progress draw; no other chart draws them again. */
export const progressIds = [
  "lines.written",
  "lines.readable",
  "shipper.read",
  "shipper.sent",
  "shipper.dropped",
] as const;

/** Where a run stood at a moment. What the shipper counts holds the sentinels, and is undefined where it is not known. */
export interface ProgressSample {
  at: number;
  written: number;
  readable: number;
  shipper: { read: number; sent: number; dropped: number } | undefined;
}

/** Where the run stood at each moment at which it was seen what is readable: from the last moment before the load on. */
export function progressSamples({ tracks }: Timeline, time: RunTime): ProgressSample[] {
  const readable = seriesOf(tracks, "lines.readable");
  if (readable === undefined) return [];
  const samples = readable.at.map((at) => {
    const [written, seen, read, sent, dropped] = progressIds.map((id) => valueAt(tracks, id, at));
    const isCounted = read !== undefined && sent !== undefined && dropped !== undefined;
    const shipper = isCounted ? { read, sent, dropped } : undefined;
    return { at, written: written ?? 0, readable: seen ?? 0, shipper };
  });
  return within(samples, time);
}

/** What lies in the time that is drawn; the last one before it stands for its beginning. */
export function within<Sample extends { at: number }>(samples: Sample[], { startMs }: RunTime): Sample[] {
  const before = samples.findLastIndex(({ at }) => at < startMs);
  const shown = samples.slice(Math.max(0, before));
  return before === -1 ? shown : [{ ...shown[0]!, at: startMs }, ...shown.slice(1)];
}

function valueAt(tracks: readonly Track[], id: string, ms: number): number | undefined {
  const series = seriesOf(tracks, id);
  return series && nearestValue(series, ms);
}
