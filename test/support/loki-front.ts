import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A request of the reader. */
export interface Question {
  path: string;
  parameters: URLSearchParams;
  /** How many requests this path has received, including this one. */
  number: number;
}

/** The answer to the reader. */
export interface Told {
  status: number;
  text: string;
  /** Bytes after which the answer is aborted; all are sent if absent. */
  brokenOffAfterBytes?: number;
  delayMs?: number;
}

/** Asks Loki itself. */
type Ask = (path: string, parameters: URLSearchParams) => Promise<Told>;

/** Returns the answer that replaces Loki's true answer. */
export type Lie = (question: Question, truth: Told, ask: Ask) => Told | Promise<Told>;

/** One entry of a log query's answer: Unix nanoseconds, and the line. */
export type Value = [timestampNs: string, line: string];

/** A proxy in front of Loki that lies: every answer is a real Loki's, falsified by `lie`. */
export class LokiFront {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async before(loki: string, lie: Lie): Promise<LokiFront> {
    const numbers = new Map<string, number>();
    const server = createServer((request, response) => {
      const { pathname: path, searchParams: parameters } = new URL(request.url!, loki);
      const number = (numbers.get(path) ?? 0) + 1;
      numbers.set(path, number);
      const flags = `${request.headers["x-loki-response-encoding-flags"]}`;
      const tenant = request.headers["x-scope-orgid"];
      const ask: Ask = async (path, parameters) => {
        const answer = await fetch(`${loki}${path}?${parameters}`, {
          headers: {
            "x-loki-response-encoding-flags": flags,
            ...(tenant === undefined || tenant === "fake" ? {} : { "x-scope-orgid": `${tenant}` }),
          },
        });
        return { status: answer.status, text: await answer.text() };
      };
      const tell = async () => {
        const told = await lie({ path, parameters, number }, await ask(path, parameters), ask);
        await send(response, told);
      };
      // If Loki itself does not answer, neither does the proxy.
      tell().catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new LokiFront(server);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function send(
  response: ServerResponse,
  { status, text, brokenOffAfterBytes, delayMs }: Told,
): Promise<void> {
  if (delayMs !== undefined) await sleep(delayMs);
  const body = Buffer.from(text);
  response.writeHead(status, { "content-length": body.length });
  if (brokenOffAfterBytes === undefined) response.end(body);
  else response.write(body.subarray(0, brokenOffAfterBytes), () => response.destroy());
}

const paths = {
  pages: "/loki/api/v1/query_range",
  counts: "/loki/api/v1/query",
  series: "/loki/api/v1/series",
  config: "/config",
} as const;

/** Lies on one path only. */
export function on(path: keyof typeof paths, lie: Lie): Lie {
  return (question, truth, ask) => (question.path === paths[path] ? lie(question, truth, ask) : truth);
}

/** Combines several lies. */
export function all(...lies: Lie[]): Lie {
  return async (question, truth, ask) => {
    let told = truth;
    for (const lie of lies) told = await lie(question, told, ask);
    return told;
  };
}

/** Lies in the first complete reading only, or in all later ones; each begins with a request for Loki's limits. */
export function inReading(which: "first" | "later", lie: Lie): Lie {
  let readings = 0;
  return (question, truth, ask) => {
    if (question.path === paths.config) readings++;
    return (readings === 1) === (which === "first") ? lie(question, truth, ask) : truth;
  };
}

/** Lies for the first requests on each path. */
export function atFirst(times: number, lie: Lie): Lie {
  return (question, truth, ask) => (question.number <= times ? lie(question, truth, ask) : truth);
}

/** Changes the answers to log queries, stream by stream. */
export function pages(edit: (values: Value[], question: Question) => Value[]): Lie {
  return on("pages", (question, truth) =>
    inJson(truth, (body: { data: { result: { values: Value[] }[] } }) => {
      for (const stream of body.data.result) stream.values = edit(stream.values, question);
      return body;
    }),
  );
}

/** Changes Loki's counts; an answer without a count is not changed. */
export function counts(edit: (count: number, question: Question) => number): Lie {
  return on("counts", (question, truth) =>
    inJson(truth, (body: { data: { result: { value: [number, string] }[] } }) => {
      for (const sample of body.data.result)
        sample.value[1] = `${Math.max(0, edit(Number(sample.value[1]), question))}`;
      return body;
    }),
  );
}

/** Changes an answer as JSON. */
export function inJson<Body>(told: Told, edit: (body: Body) => unknown): Told {
  return { ...told, text: JSON.stringify(edit(JSON.parse(told.text) as Body)) };
}
