import { formatBytes } from "../base/format-bytes.ts";
import type { Verdict } from "../plan/verdict.ts";
import { grouped } from "../report/describe.ts";
import { measurementOf } from "../report/measurement-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { SoakDocument } from "./soak-document.ts";
import { describeHours } from "./soak-words.ts";

const hoursPerDay = 24;
const secondsPerDay = 86_400;

/** The volumes that the reference architecture's comparison names: Option 1 is said to be fit for less a day, Option 2 for more. */
const volumes = [
  {
    quantity: "lines-a-day",
    perDay: 1e6,
    ofLine: () => 1,
    words: (lines: number) => `${grouped(lines)} lines`,
  },
  {
    quantity: "bytes-a-day",
    perDay: 100e9,
    ofLine: ({ bytesPerLine }: SoakDocument) => bytesPerLine,
    words: formatBytes,
  },
] as const;

/** Of which pipelines something is claimed, and what. The hardened ones are to keep it as well. */
const claims: Record<string, "less than" | "more than"> = {
  direct: "less than",
  "direct-hardened": "less than",
  kafka: "more than",
  "kafka-hardened": "more than",
};

/** A loss at more than this many times the claimed volume says nothing about the claimed one. */
const sameVolume = 1.1;

/**
 * What a soak shows of the volumes a day that are claimed of its pipeline, as lines of a history. A volume is shown by being delivered within
 * a day, however short the time. Nothing is said of a volume that was neither written nor written at a rate at which a day would have it.
 */
export function volumeMeasurements(document: SoakDocument): Measurement[] {
  const { runId, finishedAt, pipeline, environment, images, linesPerSecond, hours, counts } = document;
  const claim = Object.hasOwn(claims, pipeline) ? claims[pipeline] : undefined;
  if (claim === undefined || hours > hoursPerDay) return [];
  return volumes.flatMap(({ quantity, perDay, ofLine, words }) => {
    const rate = linesPerSecond * secondsPerDay * ofLine(document);
    const written = counts.written * ofLine(document);
    if (rate < perDay && written < perDay) return [];
    const measured =
      `${words(written)} in ${describeHours(hours)}, which is ${words(rate)} a day: ` +
      `of ${grouped(counts.written)} lines, ${grouped(counts.lost)} were lost and ${grouped(counts.duplicated)} duplicated`;
    const verdict = verdictOf(document, written / perDay, rate / perDay);
    return measurementOf(
      {
        id: runId,
        at: finishedAt,
        pipeline,
        quantity,
        claimed: `${claim} ${words(perDay)} a day`,
        verdict,
        measured,
      },
      { images: images.map(({ reference }) => reference), machine: environment },
    );
  });
}

/**
 * @param share of the claimed volume that was written
 * @param times the claimed volume that a day would have had
 */
function verdictOf({ linesVerdict }: SoakDocument, share: number, times: number): Verdict {
  if (linesVerdict === "broken") return times <= sameVolume ? "broken" : "unknown";
  return linesVerdict === "holds" && share >= 1 ? "holds" : "unknown";
}
