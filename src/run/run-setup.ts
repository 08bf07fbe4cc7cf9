import { type LoadPlan, shareOf } from "../load/load-plan.ts";
import type { RunOutputs } from "./run-outputs.ts";
import type { RunContext, RunRequest } from "./run-request.ts";

/** How long the load may continue beyond its planned end if a fault lasts longer. */
const longestOverrunSeconds = 300;
const mostOverrunLines = 1_000_000;

/** The decisions about a run that are made before anything starts. */
export interface RunSetup {
  request: RunRequest;
  context: RunContext;
  outputs: RunOutputs;
  loadPlan: LoadPlan;
  /** The maximum number of lines that each source may write. */
  mostLinesOf: ReadonlyMap<string, number>;
}

/** Decides how many lines each source of a run writes, and where. */
export function setUp(request: RunRequest, context: RunContext, outputs: RunOutputs): RunSetup {
  const { load, timeLapse, seed } = request.plan;
  const { lines, linesPerSecond } = load;
  const { folder } = outputs.logFiles;
  const overrunLines = Math.min(Math.ceil(linesPerSecond * longestOverrunSeconds), mostOverrunLines);
  const mostLines = lines + overrunLines;
  const sources = Array.from(
    { length: load.sources },
    (_, index) => `${outputs.sourcePrefix}app-${index + 1}`,
  );
  const shares = sources.map((source, index) => [source, shareOf(mostLines, index, sources.length)] as const);
  return {
    request,
    context,
    outputs,
    loadPlan: {
      folder,
      fileNames: load.fileNames,
      seed,
      line: load.line === undefined ? undefined : { template: load.line },
      sources,
      lines,
      mostLines,
      linesPerSecond,
      backlog: timeLapse?.backlog,
    },
    mostLinesOf: new Map(shares),
  };
}
