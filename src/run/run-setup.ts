import { type LoadPlan, shareOf } from "../load/load-plan.ts";
import type { RunOutputs } from "./run-outputs.ts";
import type { RunContext, RunRequest } from "./run-request.ts";

/** For how long the load goes on at the most where a fault outlasts it. */
const longestOverrunSeconds = 300;
const mostOverrunLines = 1_000_000;

/** What is decided of a run before anything starts. */
export interface RunSetup {
  request: RunRequest;
  context: RunContext;
  outputs: RunOutputs;
  loadPlan: LoadPlan;
  /** The most lines that each source can come to write. */
  mostLinesOf: ReadonlyMap<string, number>;
}

/** Decides how many lines each source of a run writes, and where to. */
export function setUp(request: RunRequest, context: RunContext, outputs: RunOutputs): RunSetup {
  const { load, timeLapse, seed } = request.plan;
  const { lines, linesPerSecond } = load;
  const { folder, prefix = "" } = outputs.logFiles;
  const overrunLines = Math.min(Math.ceil(linesPerSecond * longestOverrunSeconds), mostOverrunLines);
  const mostLines = lines + overrunLines;
  const sources = Array.from({ length: load.sources }, (_, index) => `${prefix}app-${index + 1}`);
  const shares = sources.map((source, index) => [source, shareOf(mostLines, index, sources.length)] as const);
  return {
    request,
    context,
    outputs,
    loadPlan: {
      folder,
      seed,
      sources,
      lines,
      mostLines,
      linesPerSecond,
      backlog: timeLapse?.backlog,
    },
    mostLinesOf: new Map(shares),
  };
}
