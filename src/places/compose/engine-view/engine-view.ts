import { chmod } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type Docker from "dockerode";
import { messageOf } from "../../../base/errors.ts";
import { answerRequest } from "./answer-request.ts";
import type { Shown } from "./shown-answers.ts";

/** Every user of a container may ask, as a run does not know which group may ask the user's engine. */
const socketMode = 0o666;

/**
 * A stand-in for the engine's socket in a run's stack. It shows the containers of the run's load and nothing else of the machine, under
 * the names and labels of the user's own, and only answers requests that read.
 */
export class EngineView {
  readonly socketPath: string;
  readonly #server: Server;

  private constructor(server: Server, socketPath: string) {
    this.#server = server;
    this.socketPath = socketPath;
  }

  /**
   * Begins to answer.
   *
   * @param socketPath of at most 107 bytes, as the kernel demands; there must be no such file yet
   */
  static async open(docker: Docker, shown: readonly Shown[], socketPath: string): Promise<EngineView> {
    const server = createServer((request, response) => void answer(docker, shown, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
    await chmod(socketPath, socketMode);
    // A stack that is kept after its run does not keep this process.
    server.unref();
    return new EngineView(server, socketPath);
  }

  /** Breaks off what is being answered, and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

async function answer(
  docker: Docker,
  shown: readonly Shown[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    await answerRequest({ docker, shown, request, response, signal: gone.signal });
  } catch (thrown) {
    if (response.headersSent) return void response.destroy();
    response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ message: messageOf(thrown) }));
  }
}
