import type { ReadError } from "../base/read-error.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { Sink } from "./sink.ts";

/** The error that the sink, or a proxy in front of it, has returned for every recent query. */
export interface Refusal {
  error: ReadError;
  /** Since when it returns this error, in Unix milliseconds. */
  sinceMs: number;
}

/** HTTP statuses that are usually temporary, so waiting makes sense. */
const passing = [408, 429, 499];
const shortMs = 6_000;
const longMs = 15_000;

/**
 * Whether waiting is useless: the error has stayed the same for a while, and is not one that occurs while a sink starts.
 *
 * @param nowMs Unix milliseconds
 */
export function isLasting({ error, sinceMs }: Refusal, nowMs: number): boolean {
  const { status } = error;
  if (isUnpublished(error)) return nowMs - sinceMs >= shortMs;
  if (status === undefined || status >= 500 || passing.includes(status)) return false;
  // A proxy in front of the sink may not know the sink yet.
  const patienceMs = status === 404 || status < 400 ? longMs : shortMs;
  return nowMs - sinceMs >= patienceMs;
}

/** Describes a refusal: what the sink answered, and what to do about it. */
export function describeRefusal({ error }: Refusal, sink: Pick<Sink, "kind" | "hintFor">): string {
  const hint = sink.hintFor(error);
  const answer = error.message.replace(/\.$/, "");
  return `Nothing can be read from ${sinkName(sink.kind)}. ${answer}.${hint === undefined ? "" : ` ${hint}`}`;
}

/** Whether the sink could not be queried at all, because this machine cannot reach it. */
export function isUnpublished({ message }: ReadError): boolean {
  return message.includes("port is not published");
}
