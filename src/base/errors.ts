/** Every exit code of the command line, named once. */
export const exitCodes = {
  holds: 0,
  broken: 1,
  unknown: 2,
  usage: 64,
  unavailable: 69,
  internal: 70,
  interrupted: 130,
} as const;

/**
 * A failure whose message is written for the person at the terminal: what was expected, what was found, what to do next.
 * Any other error is a defect of Everyline and ends with exit code 70.
 */
export abstract class EverylineError extends Error {
  abstract readonly exitCode: number;
}

/** The caller asked for something that does not exist or makes no sense. */
export class UsageError extends EverylineError {
  override readonly name = "UsageError";
  readonly exitCode = exitCodes.usage;
}

/** The machine lacks something: an engine, an image, disk space. */
export class UnavailableError extends EverylineError {
  override readonly name = "UnavailableError";
  readonly exitCode = exitCodes.unavailable;
}

/** The user pressed Ctrl-C, or the process got SIGTERM. */
export class InterruptedError extends EverylineError {
  override readonly name = "InterruptedError";
  readonly exitCode = exitCodes.interrupted;
}

/** The message of anything that was thrown; of an error while cleaning up after another, the messages of both. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof SuppressedError) return [...new Set(suppressedIn(thrown).map(messageOf))].join("; ");
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function suppressedIn(thrown: unknown): unknown[] {
  if (!(thrown instanceof SuppressedError)) return [thrown];
  return [...suppressedIn(thrown.suppressed), ...suppressedIn(thrown.error)];
}
