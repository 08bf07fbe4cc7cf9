/** What a request to the engine asks for. */
export type EngineRoute =
  | { kind: "engine" }
  | { kind: "list" }
  | { kind: "inspect" | "logs"; container: string }
  | { kind: "networks" }
  | { kind: "network"; network: string }
  | { kind: "events" };

const versionPrefix = /^\/v\d+\.\d+(?=\/)/;
const ofContainer = /^\/containers\/([^/]+)\/(json|logs)$/;
const ofNetwork = /^\/networks\/([^/]+)$/;

/** The route of a request that only reads; undefined for every other, which a stand-in refuses. */
export function engineRoute(method: string, path: string): EngineRoute | undefined {
  const plain = path.replace(versionPrefix, "");
  if (plain === "/_ping" && ["GET", "HEAD"].includes(method)) return { kind: "engine" };
  if (method !== "GET") return undefined;
  if (plain === "/version") return { kind: "engine" };
  if (plain === "/containers/json") return { kind: "list" };
  if (plain === "/networks") return { kind: "networks" };
  if (plain === "/events") return { kind: "events" };
  const [, container, what] = ofContainer.exec(plain) ?? [];
  if (container !== undefined)
    return { kind: what === "json" ? "inspect" : "logs", container: decodeURIComponent(container) };
  const [, network] = ofNetwork.exec(plain) ?? [];
  return network === undefined ? undefined : { kind: "network", network: decodeURIComponent(network) };
}
