import { rm } from "node:fs/promises";
import { Generator } from "../load/generator.ts";
import { createSink } from "../sinks/create-sink.ts";
import type { Sink } from "../sinks/sink.ts";
import { awaitSentinels } from "./await-sentinels.ts";
import type { TrialInput } from "./search/trial-result.ts";
import { filesOf, trialLoad } from "./trial-load.ts";
import type { TrialStack } from "./trial-stack.ts";

/** The load of a trial, of which nothing but the first line of each file is written, and the sink that is to have it. */
export interface TrialLoad {
  writer: Generator;
  sink: Sink;
}

/**
 * Opens the load of a trial, waits until the pipeline has found its files, and closes the load and removes the files after the work.
 *
 * @param number which trial of the search it is, from 1
 * @throws UnavailableError if the shipper does not find the trial's files, or a line cannot be written
 */
export async function withTrialLoad<Result>(
  { stack, signal, ...files }: TrialStack,
  trial: TrialInput,
  number: number,
  work: (load: TrialLoad) => Promise<Result>,
): Promise<Result> {
  const plan = trialLoad(files, trial, number);
  const writer = new Generator(plan);
  const onAbort = () => writer.stop();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const sink = createSink({ stack, seed: plan.seed, signal });
    await awaitSentinels(sink, writer, signal);
    return await work({ writer, sink });
  } finally {
    signal.removeEventListener("abort", onAbort);
    writer.stop();
    await Promise.all(filesOf(plan).map((path) => rm(path, { force: true })));
  }
}
