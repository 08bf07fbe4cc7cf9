import { EverylineError, exitCodes } from "../errors.ts";

/** A read that began and could not be completed: whatever it would have shown is unknown. */
export class ReadError extends EverylineError {
  override readonly name = "ReadError";
  readonly exitCode = exitCodes.unknown;
}
