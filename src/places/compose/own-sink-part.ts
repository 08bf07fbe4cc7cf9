import type { OwnConfig } from "../../pipeline/own-config.ts";
import type { FilesSink, OwnSink, ServedSink } from "../../pipeline/own-sink.ts";
import type { Pipeline, SinkAccess } from "../../pipeline/pipeline.ts";
import type { ComposeModel } from "./compose-model.ts";

/** What a configuration says of the sink of a pipeline. */
interface OwnSinkPart {
  services: string[];
  /** The services that answer for the sink without being among its own. */
  inFront: string[];
  /** Where its services answer; undefined where none of them is asked. */
  port: number | undefined;
  /** Where what is in front answers. */
  frontPort: number;
  selector: string;
  sink: Pick<Pipeline["sink"], "kind" | "reader" | "ingesters" | "access">;
}

/** @param project the stack that is up already */
export function ownSinkPart(
  { sink }: Pick<OwnConfig, "sink">,
  model: ComposeModel,
  project: string | undefined,
): OwnSinkPart {
  return sink.kind === "file" ? filesPart(sink) : servedPart(sink, model, project);
}

/** The program that writes the files is the sink that faults break; what it holds in memory it loses when it is killed. */
function filesPart({ service, path }: FilesSink): OwnSinkPart {
  return {
    services: [service],
    inFront: [],
    port: undefined,
    frontPort: 0,
    selector: path,
    sink: { kind: "file", reader: service, ingesters: [service] },
  };
}

function servedPart(sink: ServedSink, model: ComposeModel, project: string | undefined): OwnSinkPart {
  const url = new URL(sink.url);
  const isService = url.hostname in model.services;
  const urlService = isService ? [url.hostname] : [];
  const services = [...new Set([...(sink.services ?? urlService), ...(sink.writers ?? [])])];
  const inFront = urlService.filter((service) => !services.includes(service));
  // The ports of a sink at an external address are not known.
  const canTell = isService && (project === undefined || inFront.length === 0);
  const frontPort = portOf(url);
  const servicePort = inFront.length > 0 ? sink.product.port : frontPort;
  return {
    services,
    inFront,
    port: isService ? servicePort : undefined,
    frontPort,
    selector: sink.selector,
    sink: {
      kind: sink.kind,
      reader: isService ? url.hostname : "",
      ingesters: sink.writers ?? (canTell ? services : []),
      access: accessOf(sink, isService ? undefined : sink.url),
    },
  };
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === "https:" ? 443 : 80);
}

function accessOf(sink: ServedSink, url: string | undefined): SinkAccess {
  const authorization = authorizationOf(sink);
  return {
    headers: {
      ...(sink.tenant && { "x-scope-orgid": sink.tenant }),
      ...(authorization && { authorization }),
    },
    url: url && withoutApi(url, sink),
    path: withoutApi(new URL(sink.url).pathname, sink),
  };
}

/** Users may configure the URL that a shipper pushes to; this removes its API path. */
function withoutApi(url: string, { product }: ServedSink): string {
  return url.replace(product.apiPath, "");
}

function authorizationOf({ basicAuth, bearerToken }: ServedSink): string | undefined {
  if (bearerToken !== undefined) return `Bearer ${bearerToken}`;
  if (basicAuth === undefined) return undefined;
  return `Basic ${Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString("base64")}`;
}

/** The secrets of the sink, in every form in which they may be written to a file. */
export function secretsOf(sink: OwnSink): string[] {
  if (sink.kind === "file") return [];
  const secrets = [sink.basicAuth?.password, sink.bearerToken].filter((secret) => secret !== undefined);
  const encoded = authorizationOf(sink)?.replace(/^\w+ /, "");
  return [...secrets, ...secrets.map(encodeURIComponent), ...(encoded ? [encoded] : [])];
}
