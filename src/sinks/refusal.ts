import type { ReadError } from "../base/read-error.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { Sink } from "./sink.ts";

/** What the sink, or whoever stands before it, answered each time it was asked of late, in place of what was asked for. */
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
 * Whether waiting cannot help: the same answer for a while, which is no sign of a sink that starts.
 *
 * @param nowMs Unix milliseconds
 */
export function isLasting({ error, sinceMs }: Refusal, nowMs: number): boolean {
  const { status } = error;
  if (isUnpublished(error)) return nowMs - sinceMs >= shortMs;
  if (status === undefined || status >= 500 || passing.includes(status)) return false;
  // What stands before the sink may know nothing of it yet.
  const patienceMs = status === 404 || status < 400 ? longMs : shortMs;
  return nowMs - sinceMs >= patienceMs;
}

/** A refusal in sentences: what was answered, and what to do about it. */
export function describeRefusal({ error }: Refusal, sink: Pick<Sink, "kind" | "hintFor">): string {
  const hint = sink.hintFor(error);
  const answer = error.message.replace(/\.$/, "");
  return `Nothing can be read from ${sinkName(sink.kind)}. ${answer}.${hint === undefined ? "" : ` ${hint}`}`;
}

/** Whether the sink could not be asked at all, since this machine cannot reach it. */
export function isUnpublished({ message }: ReadError): boolean {
  return message.includes("port is not published");
}
