import { EverylineError, exitCodes } from "./errors.ts";
import type { ReadProblem } from "./read-problem.ts";

/** The status of an answer that is whole, and not what was asked for. */
const answeredOtherwise = 200;

/** A read that could not be completed: its result is unknown. Reports make a sentence of the problem; the message holds its figures. */
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
