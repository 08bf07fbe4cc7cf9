import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { askEngine, askForJson } from "./ask-engine.ts";
import { type EngineRoute, engineRoute } from "./engine-route.ts";
import { type Shown, shownEntry, shownInspection, shownNetwork } from "./shown-answers.ts";
import { shownEvents } from "./shown-events.ts";
import { parseFilters } from "./shown-filters.ts";

/** A request to a stand-in for the engine. */
export interface EngineRequest {
  docker: Docker;
  shown: readonly Shown[];
  request: IncomingMessage;
  response: ServerResponse;
  /** Aborts when nobody waits for the answer any more. */
  signal: AbortSignal;
}

type Entry = Record<string, unknown> & { Id: string };
type Route<Kind extends EngineRoute["kind"]> = Extract<EngineRoute, { kind: Kind }>;

/** Headers that concern one connection or one form of a text, and are set anew. */
const ownHeaders = ["connection", "transfer-encoding", "content-length", "keep-alive"];
/** Asked for where nothing is shown, so that the engine answers with nothing. */
const noContainer = "everyline-shows-none";

/**
 * Answers a request of a program that takes this for the engine.
 *
 * @throws Error if the engine does not answer
 */
export async function answerRequest(asked: EngineRequest): Promise<void> {
  const { request } = asked;
  const url = new URL(request.url ?? "/", "http://engine");
  const route = engineRoute(request.method ?? "GET", url.pathname);
  switch (route?.kind) {
    case undefined:
      return refuse(
        asked,
        403,
        `${request.method} ${url.pathname} is refused: this only shows a run's own load`,
      );
    case "engine":
      return passOn(asked, await engineAt(asked, `${url.pathname}${url.search}`));
    case "list":
      return answerList(asked, url);
    case "inspect":
    case "logs":
      return answerContainer(asked, url, route);
    case "networks":
    case "network":
      return answerNetworks(asked, url, route);
    case "events":
      return answerEvents(asked, url);
  }
}

async function answerList(asked: EngineRequest, url: URL): Promise<void> {
  const { admit, others } = parseFilters(url.searchParams.get("filters"));
  const admitted = asked.shown.filter(admit);
  if (admitted.length === 0) return answerWith(asked, []);
  url.searchParams.delete("limit");
  url.searchParams.set("filters", JSON.stringify({ ...others, id: admitted.map(({ id }) => id) }));
  const { answer, document } = await askForJson(asked.docker, `${url.pathname}${url.search}`, asked.signal);
  if (answer.statusCode !== 200) return answerWith(asked, document, answer.statusCode);
  const entries = (document as Entry[]).flatMap((entry) => {
    const shown = admitted.find(({ id }) => id === entry.Id);
    return shown === undefined ? [] : [shownEntry(entry, shown)];
  });
  return answerWith(asked, entries);
}

async function answerContainer(
  asked: EngineRequest,
  url: URL,
  { kind, container }: Route<"inspect" | "logs">,
): Promise<void> {
  const named = container.replace(/^\//, "");
  const shown = asked.shown.find(({ id, name }) => name === named || (named !== "" && id.startsWith(named)));
  if (shown === undefined) return refuse(asked, 404, `No such container: ${container}`);
  const prefix = url.pathname.slice(0, url.pathname.indexOf("/containers/"));
  const what = kind === "logs" ? "logs" : "json";
  const path = `${prefix}/containers/${shown.id}/${what}${url.search}`;
  if (kind === "logs") return passOn(asked, await engineAt(asked, path));
  const { answer, document } = await askForJson(asked.docker, path, asked.signal);
  if (answer.statusCode !== 200) return answerWith(asked, document, answer.statusCode);
  return answerWith(asked, shownInspection(document as Entry, shown));
}

/** The networks of the containers that are shown: there is one, which all of them share. */
async function answerNetworks(
  asked: EngineRequest,
  url: URL,
  route: Route<"network" | "networks">,
): Promise<void> {
  const [one] = asked.shown;
  const prefix = url.pathname.slice(0, url.pathname.indexOf("/networks"));
  const found = one && (await networkOf(asked, prefix, one));
  if (route.kind === "networks") return answerWith(asked, found === undefined ? [] : [found.network]);
  const isAsked = found !== undefined && [found.id, one?.network].includes(route.network);
  return isAsked
    ? answerWith(asked, found.network)
    : refuse(asked, 404, `network ${route.network} not found`);
}

async function networkOf(
  { docker, signal }: EngineRequest,
  prefix: string,
  shown: Shown,
): Promise<{ id: string; network: object } | undefined> {
  const { document } = await askForJson(docker, `${prefix}/containers/${shown.id}/json`, signal);
  const { NetworkSettings: settings } = document as {
    NetworkSettings?: { Networks?: Record<string, { NetworkID: string }> };
  };
  const [endpoint] = Object.values(settings?.Networks ?? {});
  if (endpoint === undefined) return undefined;
  const id = endpoint.NetworkID;
  const { answer, document: found } = await askForJson(docker, `${prefix}/networks/${id}`, signal);
  return answer.statusCode === 200 ? { id, network: shownNetwork(found as Entry, shown) } : undefined;
}

async function answerEvents(asked: EngineRequest, url: URL): Promise<void> {
  const { admit, others } = parseFilters(url.searchParams.get("filters"));
  const admitted = asked.shown.filter(admit);
  const container = admitted.length === 0 ? [noContainer] : admitted.map(({ id }) => id);
  url.searchParams.set("filters", JSON.stringify({ ...others, type: ["container"], container }));
  const answer = await engineAt(asked, `${url.pathname}${url.search}`);
  if (answer.statusCode !== 200) return passOn(asked, answer);
  begin(asked, answer);
  await pipeline(answer, (chunks) => shownEvents(chunks, admitted), asked.response);
}

async function engineAt({ docker, request, signal }: EngineRequest, path: string): Promise<IncomingMessage> {
  return askEngine(docker, { method: request.method ?? "GET", path, signal });
}

/** Passes an answer of the engine on as it comes, and no faster than it is taken. */
async function passOn(asked: EngineRequest, answer: IncomingMessage): Promise<void> {
  begin(asked, answer);
  await pipeline(answer, asked.response);
}

function begin({ response }: EngineRequest, { statusCode = 200, headers }: IncomingMessage): void {
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.includes(name));
  response.writeHead(statusCode, Object.fromEntries(kept));
  // The engine may have nothing to say for a long time.
  response.flushHeaders();
}

function answerWith({ response }: EngineRequest, document: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(document));
}

function refuse(asked: EngineRequest, status: number, message: string): void {
  answerWith(asked, { message }, status);
}
