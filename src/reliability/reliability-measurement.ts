import { grouped } from "../report/describe.ts";
import { measurementOf } from "../report/measurement-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { ReliabilityDocument } from "./reliability-document.ts";
import { boundWords, sharePercent } from "./reliability-words.ts";

/** What runs that were drawn measured, as a line of a history. */
export function reliabilityMeasurement(document: ReliabilityDocument): Measurement {
  const { reliabilityId, finishedAt, pipeline, claim, verdict, figures, images, machine } = document;
  const { lines, runs, deliveredOfARun } = figures;
  return measurementOf(
    {
      ...{ id: reliabilityId, at: finishedAt, pipeline, quantity: "reliability", verdict },
      claimed: claim === null ? null : sharePercent(claim.share, 3),
      measured:
        `${grouped(lines.delivered)} of ${grouped(lines.written)} lines in ${runs.certain} runs, ${runs.withLoss} of which lost some; ` +
        boundWords(deliveredOfARun),
    },
    { images, machine },
  );
}
