import { grouped } from "../report/describe.ts";
import type { Estimate, ModelReason, ProcessorModel } from "./model-document.ts";

const refusals: Record<Exclude<ModelReason, "foretold" | "not-foretold">, string> = {
  "too-few-trials": "too few trials were taken with known processors; --model makes more of them",
  "rates-too-close":
    "the rates of the trials are too close to each other; --model makes trials at lower ones",
  "no-cost": "it is not certain that a higher rate takes more processors at all",
};

/** What the model of the processors says, or why there is none, in sentences; none for documents of earlier releases. */
export function modelSentences({ model }: { model?: ProcessorModel | undefined }): string[] {
  if (model === undefined) return [];
  const { why, heldOut, line } = model;
  if (why !== "foretold" && why !== "not-foretold")
    return [`no model of the processors, by ${model.trials} trials: ${refusals[why]}`];
  const { trials, largestError, medianError, errorBound } = heldOut!;
  const check = `the line through the lower rates was at most ${percent(largestError)} from the ${trials} trials of higher rates, and ${percent(medianError)} in the median`;
  if (line === null)
    return [
      `no model of the processors: ${check}, which is more than the ${percent(errorBound)} that are allowed`,
    ];
  const { claimed, highestRate, fixedProcessors, secondsPerMillionLines } = line;
  return [
    ...(claimed === null ? [] : [claimedSentence(claimed, highestRate)]),
    `fixed part ${ranged(fixedProcessors, 2)} processors; a million lines cost ${ranged(secondsPerMillionLines, 1)} processor seconds`,
    check,
  ];
}

function claimedSentence(
  { linesPerSecond, processors }: NonNullable<NonNullable<ProcessorModel["line"]>["claimed"]>,
  highestRate: number,
): string {
  const { least, most } = processors;
  const need = `by the model, ${rate(linesPerSecond)} need ${Math.max(0, least).toFixed(1)} to ${most.toFixed(1)} processors like these`;
  return linesPerSecond <= highestRate
    ? need
    : `${need}, if each line costs there what it costs up to ${rate(highestRate)}; nobody has tried`;
}

function ranged({ value, least, most }: Estimate, digits: number): string {
  return `${value.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

function rate(linesPerSecond: number): string {
  return `${grouped(Math.round(linesPerSecond))} lines/s`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
