import { exitCodes, InterruptedError } from "../../base/errors.ts";

/** Under `npm run`, one Ctrl-C arrives twice: from the terminal, and forwarded by npm. */
const samePressMs = 1_000;

let shared: AbortSignal | undefined;

/**
 * The signal that every long command listens to. It aborts with an `InterruptedError` at the first SIGINT or SIGTERM, so that
 * everything that was started can be removed. A second one ends the process at once with exit code 130.
 *
 * The signal handlers are installed at the first call and stay for the life of the process; every call returns the same
 * signal.
 */
export function interruptSignal(): AbortSignal {
  shared ??= listen();
  return shared;
}

function listen(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (Date.now() - firstAtMs < samePressMs) return;
      process.stderr.write("everyline: stopped at once; `everyline clean` removes what was left behind.\n");
      process.exit(exitCodes.interrupted);
    }
    process.stderr.write(`\neveryline: ${name}, cleaning up; press Ctrl-C again to stop at once.\n`);
    firstAtMs = Date.now();
    controller.abort(new InterruptedError(`interrupted by ${name}.`));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}
