import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type Docker from "dockerode";

/** Every status of an answer is passed on, and none is an error here. */
const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 100, true]));

/**
 * Asks the engine, and returns its answer as it comes.
 *
 * @param path with its query
 * @param signal breaks off, also while the answer is read
 * @throws Error if the engine does not answer
 */
export async function askEngine(
  docker: Docker,
  { method = "GET", path, signal }: { method?: string; path: string; signal: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        // The library takes the last character of a path with a query away.
        path: path.includes("?") ? `${path}?` : path,
        method,
        isStream: true,
        abortSignal: signal,
        statusCodes: everyStatus,
      },
      (failure, answer) => (failure ? reject(failure) : resolve(answer as IncomingMessage)),
    );
  });
}

/**
 * Asks the engine for a document.
 *
 * @returns undefined if the engine refuses; `answer` then has its reason
 */
export async function askForJson(
  docker: Docker,
  path: string,
  signal: AbortSignal,
): Promise<{ answer: IncomingMessage; document: unknown }> {
  const answer = await askEngine(docker, { path, signal });
  return { answer, document: await json(answer) };
}
