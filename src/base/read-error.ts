import { EverylineError, exitCodes } from "./errors.ts";

/** A read that could not be completed: its result is unknown. */
export class ReadError extends EverylineError {
  override readonly name = "ReadError";
  readonly exitCode = exitCodes.unknown;
  /** The HTTP status of the failed answer; undefined if there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}
