import type Docker from "dockerode";
import { parseDurationSeconds } from "../../base/duration.ts";
import { messageOf, UnavailableError, UsageError } from "../../base/errors.ts";

/** Far above the slowest answer of an engine that is merely busy, which was seen to start a container within 40 s. */
const usualTimeoutMs = 120_000;
const timeoutVariable = "EVERYLINE_ENGINE_TIMEOUT";
/** Once the engine has been silent for that long, the clean-up is not to wait as long for each container. */
const silentTimeoutMs = 10_000;
/** How often an engine is asked that has yet to answer a request which may take as long as it likes. */
const checkMs = 20_000;

/** What dockerode passes to its transport; `path` ends with `?` where parameters follow. */
interface Request {
  path: string;
  method: string;
  statusCodes?: Record<number, true | string>;
  abortSignal?: AbortSignal;
}
type Callback = (error: unknown, answer?: unknown) => void;

/** Requests that the engine answers only when something has ended that may take as long as it likes. */
const lasting = [/\/(wait|stop|restart|commit|archive)\b/, /^\/build\b/, /^\/images\/(create|load)\b/];

/**
 * How long an engine may take to answer, from the variable EVERYLINE_ENGINE_TIMEOUT, like `5m`; 2 minutes if it is not set.
 *
 * @throws UsageError if it is no duration
 */
export function answerTimeoutMs(variables: NodeJS.ProcessEnv): number {
  const text = variables[timeoutVariable];
  if (text === undefined || text === "") return usualTimeoutMs;
  try {
    return 1_000 * parseDurationSeconds(text);
  } catch (thrown) {
    throw new UsageError(`${timeoutVariable}: ${messageOf(thrown)}`);
  }
}

/**
 * Lets each request to the engine fail that is not answered in time, so that an engine that hangs ends a run with the reason, instead of
 * making it wait for ever. Streams have to begin in time, but may last. A request that waits for the end of something may last as well, as
 * long as the engine tells about the container meanwhile.
 *
 * @returns the same client; its requests reject with an UnavailableError that names the request
 */
export function limitAnswers(docker: Docker, timeoutMs = usualTimeoutMs): Docker {
  const modem = docker.modem as { dial: (request: Request, callback: Callback) => void };
  const dial = modem.dial.bind(modem);
  let limitMs = timeoutMs;

  const abortable = (request: Request, silence: AbortController, callback: Callback) => {
    const signals = [silence.signal, ...(request.abortSignal === undefined ? [] : [request.abortSignal])];
    dial({ ...request, abortSignal: AbortSignal.any(signals) }, (error, answer) =>
      callback(silence.signal.aborted ? silence.signal.reason : error, answer),
    );
  };

  const withinLimit = (request: Request, callback: Callback) => {
    const silence = new AbortController();
    const error = silenceAt(request, limitMs);
    const timer = setTimeout(() => silence.abort(error), limitMs);
    abortable(request, silence, (thrown, answer) => {
      clearTimeout(timer);
      limitMs = thrown === error ? Math.min(timeoutMs, silentTimeoutMs) : timeoutMs;
      callback(thrown, answer);
    });
  };

  const whileAnswering = (request: Request, callback: Callback) => {
    const silence = new AbortController();
    const [about] = /^\/containers\/[^/]+/.exec(request.path) ?? [];
    const question = {
      path: about === undefined ? "/version" : `${about}/json`,
      method: "GET",
      statusCodes: { 200: true as const },
    };
    const timer = setInterval(
      () => {
        withinLimit(question, (thrown) => {
          if (thrown instanceof UnavailableError) silence.abort(thrown);
        });
      },
      Math.min(checkMs, timeoutMs),
    );
    abortable(request, silence, (thrown, answer) => {
      clearInterval(timer);
      callback(thrown, answer);
    });
  };

  modem.dial = (request, callback) =>
    lasting.some((path) => path.test(request.path))
      ? whileAnswering(request, callback)
      : withinLimit(request, callback);
  return docker;
}

function silenceAt({ method, path }: Request, waitedMs: number): UnavailableError {
  return new UnavailableError(
    `the container engine did not answer \`${method} ${path.replace(/\?$/, "")}\` within ${waitedMs / 1_000} s. It hangs: restart it, then run \`everyline clean\`. If it is only slow, raise ${timeoutVariable}.`,
  );
}
