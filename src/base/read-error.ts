import { EverylineError, exitCodes } from "./errors.ts";
import type { ReadProblem } from "./read-problem.ts";

/** The status of a complete answer that is not what was asked for. */
const answeredOtherwise = 200;

/**
 * A read that could not be completed, so that its result is unknown. The message contains only figures; reports make a sentence of `problem`.
 */
export class ReadError extends EverylineError {
  override readonly name = "ReadError";
  readonly exitCode = exitCodes.unknown;
  readonly problem: ReadProblem;

  constructor(problem: ReadProblem) {
    const { code, ...figures } = problem;
    super(`${code} ${JSON.stringify(figures)}`);
    this.problem = problem;
  }

  /** The HTTP status of the failed answer; undefined if there was no answer. */
  get status(): number | undefined {
    const { problem } = this;
    if (problem.code === "page") return answeredOtherwise;
    return problem.code === "refused" ? problem.status : undefined;
  }
}
