import { EverylineError, exitCodes } from "../base/errors.ts";

/** A read that began and could not be completed: whatever it would have shown is unknown. */
export class ReadError extends EverylineError {
  override readonly name = "ReadError";
  readonly exitCode = exitCodes.unknown;
  /** The HTTP status of the answer that was no answer; undefined where there was none. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}
