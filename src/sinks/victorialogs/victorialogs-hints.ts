import type { ReadError } from "../../base/read-error.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { isUnpublished } from "../refusal.ts";

const reasons: Record<string, string> = {
  too_small_timestamp:
    "their timestamps are older than its -retentionPeriod, 7 days by default, or than its -maxBackfillAge",
  too_big_timestamp:
    "their timestamps are further ahead of its clock than its -futureRetention, 2 days by default",
  too_many_fields:
    "they have more fields than its -insert.maxFieldsPerLine, 1,000 by default; with -loki.disableMessageParsing a line is not split into fields",
};

/** The meaning of a reason for which VictoriaLogs drops lines; undefined if it is not known. */
export function meaningOf(reason: string): string | undefined {
  return reasons[reason];
}

/** What to do about an error that VictoriaLogs, or a proxy in front of it, returned. */
export function hintFor(error: ReadError, { sink, deployment }: Pipeline): string | undefined {
  if (isUnpublished(error)) {
    const { reader, port } = sink;
    return (
      `Publish port ${port} of ${reader} on this machine, as \`ports: ["127.0.0.1::${port}"]\` in its Compose file, ` +
      "or set victorialogs.url to an address at which this machine reaches it."
    );
  }
  if (deployment.kind !== "own") return undefined;
  const { status } = error;
  if (status === 401 || status === 403)
    return `Set victorialogs.basicAuth or victorialogs.bearerToken in ${deployment.configFile} to credentials with permission to read.`;
  if (status === 404)
    return `victorialogs.url in ${deployment.configFile} has to be the address of VictoriaLogs itself, with the path that a proxy puts before /select/logsql, if any.`;
  return undefined;
}
