import { measurementOf } from "../report/measurement-of.ts";
import type { Measurement } from "../store/measurement.ts";
import type { SoakDocument } from "./soak-document.ts";
import { soakSentence } from "./soak-words.ts";

/** What a soak measured, as a line of a history. */
export function soakMeasurement(document: SoakDocument): Measurement {
  const { runId, finishedAt, pipeline, verdict, environment, images } = document;
  return measurementOf(
    {
      ...{ id: runId, at: finishedAt, pipeline, quantity: "soak", claimed: null, verdict },
      measured: soakSentence(document).replace(/^[a-z]+: /, ""),
    },
    { images: images.map(({ reference }) => reference), machine: environment },
  );
}
