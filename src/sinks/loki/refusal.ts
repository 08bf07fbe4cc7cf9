import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { ReadError } from "../read-error.ts";

/** What Loki, or whoever stands before it, answered each time it was asked of late, in place of what was asked for. */
export interface Refusal {
  error: ReadError;
  /** Since when it is answered so, in Unix milliseconds. */
  sinceMs: number;
}

/** They change while something starts, or say themselves that they will: worth to be waited for. */
const passing = [408, 429, 499];
const shortMs = 6_000;
const longMs = 15_000;

/**
 * Whether waiting cannot help: the same answer for a while, which is no sign of a Loki that starts.
 *
 * @param nowMs Unix milliseconds
 */
export function isLasting({ error, sinceMs }: Refusal, nowMs: number): boolean {
  const { status } = error;
  if (isUnpublished(error)) return nowMs - sinceMs >= shortMs;
  if (status === undefined || status >= 500 || passing.includes(status)) return false;
  // What stands before Loki may know nothing of it yet.
  const patienceMs = status === 404 || status < 400 ? longMs : shortMs;
  return nowMs - sinceMs >= patienceMs;
}

/** A refusal in sentences: what was answered, and what to do about it. */
export function describeRefusal({ error }: Refusal, pipeline: Pipeline): string {
  const hint = hintOf(error, pipeline);
  const answer = error.message.replace(/\.$/, "");
  return `Nothing can be read from Loki. ${answer}.${hint === undefined ? "" : ` ${hint}`}`;
}

function isUnpublished({ message }: ReadError): boolean {
  return message.includes("port is not published");
}

function hintOf(error: ReadError, { loki, deployment }: Pipeline): string | undefined {
  const { status, message } = error;
  const file = deployment.kind === "own" ? deployment.configFile : undefined;
  if (isUnpublished(error)) {
    const { reader, port } = loki;
    return (
      `Publish port ${port} of ${reader} on this machine, as \`ports: ["127.0.0.1::${port}"]\` in its Compose file, ` +
      "or name an address in loki.url at which this machine reaches it."
    );
  }
  if (file === undefined) return undefined;
  if (status === 401 && /no org id/i.test(message))
    return `This Loki keeps tenants apart: set loki.tenant in ${file} to the tenant that the shipper sends its lines for.`;
  if (status === 401 || status === 403)
    return `Set loki.basicAuth or loki.bearerToken in ${file}, or loki.tenant, to those of somebody who may read.`;
  if (status === 404 || status === 200 || (status !== undefined && status >= 300 && status < 400))
    return `loki.url in ${file} has to be the address of Loki's own API, with the path that a proxy puts before /loki/api/v1, if any.`;
  return undefined;
}
