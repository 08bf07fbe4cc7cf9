import { scaleLinear } from "d3-scale";
import type { RunDocument } from "../../judge/run-document.ts";
import type { Timeline } from "../../judge/timeline-document.ts";
import type { Track } from "../../judge/track.ts";
import { describeSeconds, grouped } from "../describe.ts";

const ticks = 10;

/** A fault as charts show it; ends as it begins where it takes no time. */
export interface FaultWindow {
  /** From 1, in the order of their beginnings. */
  number: number;
  name: string;
  startMs: number;
  endMs: number;
}

/** When a track ends, in Unix milliseconds. */
function lastOf(track: Track): number {
  return (track.kind === "series" ? track.at.at(-1) : track.spans.at(-1)?.toMs) ?? 0;
}

/** The time that all charts of a run share. */
export class RunTime {
  /** The first write, from which seconds are counted; Unix milliseconds. */
  readonly originMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly faults: FaultWindow[];
  readonly recoveredAtMs: number | null;

  constructor(document: RunDocument, { buckets, bucketMs, tracks, recoveredAt }: Timeline) {
    this.recoveredAtMs = recoveredAt;
    this.faults = document.faults
      .map(({ kind, target, startedAt, endedAt }) => ({
        name: `${kind} ${target}`,
        startMs: Date.parse(startedAt),
        endMs: Date.parse(endedAt),
      }))
      .sort((one, other) => one.startMs - other.startMs)
      .map((fault, index) => ({ number: index + 1, ...fault }));
    const firstMs = buckets[0]?.at ?? 0;
    const lastBucketMs = (buckets.at(-1)?.at ?? firstMs) + bucketMs;
    this.originMs = firstMs;
    this.startMs = Math.min(firstMs, ...this.faults.map(({ startMs }) => startMs));
    this.endMs = Math.max(
      lastBucketMs,
      ...tracks.map(lastOf),
      recoveredAt ?? 0,
      this.startMs + 1,
      ...this.faults.map(({ endMs }) => endMs),
    );
  }

  /** Where a time lies, from 0 to 100. */
  percent(ms: number): number {
    return Math.min(100, Math.max(0, ((ms - this.startMs) / (this.endMs - this.startMs)) * 100));
  }

  /** Seconds since the first write, as in `12.3 s`. */
  label(ms: number): string {
    const seconds = (ms - this.originMs) / 1_000;
    return seconds < 0 ? `−${describeSeconds(-seconds)}` : describeSeconds(seconds);
  }

  /** Round times within. */
  ticks(): { ms: number; label: string }[] {
    const domain = [this.startMs, this.endMs].map((ms) => (ms - this.originMs) / 1_000);
    const scale = scaleLinear().domain(domain);
    const format = scale.tickFormat(ticks);
    return scale.ticks(ticks).map((seconds) => ({
      ms: this.originMs + seconds * 1_000,
      label: Math.abs(seconds) >= 1_000 ? grouped(seconds) : format(seconds),
    }));
  }
}
