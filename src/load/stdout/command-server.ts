import { createServer, type Server } from "node:http";

/** The commands that a generator in a container accepts. */
export interface Commands {
  isReady: () => boolean;
  start: () => void;
  /** Ends the load before the next write; resolves when its ledger is written. */
  stop: () => Promise<void>;
  /** Sets the last line of the load, which ends at once if that line is already written. */
  endAt: (line: number) => void;
}

/** Creates the server for the commands `GET /ready`, `POST /start`, `POST /stop` and `POST /end-at/LINE`. */
export function commandServer(commands: Commands): Server {
  return createServer(async ({ method, url = "" }, response) => {
    response.statusCode = await carryOut(commands, `${method} ${url}`);
    response.end();
  });
}

/** @returns the status to answer with */
async function carryOut(commands: Commands, request: string): Promise<number> {
  const [, line] = /^POST \/end-at\/([1-9][0-9]{0,9})$/.exec(request) ?? [];
  if (request === "GET /ready") return commands.isReady() ? 200 : 503;
  if (request === "POST /start") commands.start();
  else if (request === "POST /stop") await commands.stop();
  else if (line !== undefined) commands.endAt(Number(line));
  else return 404;
  return 202;
}
