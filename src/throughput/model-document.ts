import { z } from "zod";

/** A figure, and between which bounds it lies with 95 % confidence. */
const estimateSchema = z.object({ value: z.number(), least: z.number(), most: z.number() });

/** Why there is a model of the processors, or none. */
const modelReasonSchema = z.enum([
  /** The line through one half of the trials foretold the other half. */
  "foretold",
  /** Too few trials were taken, or their processors could not be measured. */
  "too-few-trials",
  /** The rates of the trials that the line is put through are too close to each other. */
  "rates-too-close",
  /** The line did not foretell the other half of the trials. */
  "not-foretold",
  /** It is not certain that a higher rate takes more processors at all. */
  "no-cost",
]);

/** How many processors a pipeline uses at which rate, as a straight line: a fixed part, and a cost of each line. */
export const processorModelSchema = z.object({
  why: modelReasonSchema,
  /** How many trials were usable: taken, of the duration that most of them have, and with measured processors. */
  trials: z.int().min(0),
  /** How far the line through the trials of lower rates was from those of higher rates; null if there was no such line. */
  heldOut: z
    .object({
      trials: z.int().min(1),
      /** Relative to what was measured. */
      largestError: z.number().min(0),
      medianError: z.number().min(0),
      /** The model is refused if the largest error is above this. */
      errorBound: z.number().min(0),
    })
    .nullable(),
  /** The line through all usable trials; null if the model is refused. */
  line: z
    .object({
      /** The highest rate at which lines arrived in a usable trial. Nobody knows whether the line goes on as straight above it. */
      highestRate: z.number().min(0),
      fixedProcessors: estimateSchema,
      /** Processor seconds for a million lines, which are the processors for a million lines per second beside the fixed part. */
      secondsPerMillionLines: estimateSchema,
      /** How many processors the claimed rate would need; null if nothing is claimed. */
      claimed: z.object({ linesPerSecond: z.number(), processors: estimateSchema }).nullable(),
    })
    .nullable(),
});

export type ProcessorModel = z.infer<typeof processorModelSchema>;
export type ModelReason = z.infer<typeof modelReasonSchema>;
export type Estimate = z.infer<typeof estimateSchema>;
