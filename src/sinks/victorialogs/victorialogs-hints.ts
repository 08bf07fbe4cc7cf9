import type { ReadError } from "../../base/read-error.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { isUnpublished } from "../refusal.ts";

const reasons: Record<string, string> = {
  too_small_timestamp:
    "their timestamps are older than its -retentionPeriod, 7 days unless told otherwise, or than its -maxBackfillAge",
  too_big_timestamp:
    "their timestamps are further ahead of its clock than its -futureRetention, 2 days unless told otherwise",
  too_many_fields:
    "they have more fields than its -insert.maxFieldsPerLine, 1,000 unless told otherwise; with -loki.disableMessageParsing a line is not taken apart into fields",
};

/** What a reason for which VictoriaLogs drops lines means; undefined where it is not known. */
export function meaningOf(reason: string): string | undefined {
  return reasons[reason];
}

/** What to do about an answer of VictoriaLogs's that is none. */
export function hintFor(error: ReadError, { sink, deployment }: Pipeline): string | undefined {
  if (isUnpublished(error)) {
    const { reader, port } = sink;
    return (
      `Publish port ${port} of ${reader} on this machine, as \`ports: ["127.0.0.1::${port}"]\` in its Compose file, ` +
      "or name an address in victorialogs.url at which this machine reaches it."
    );
  }
  if (deployment.kind !== "own") return undefined;
  const { status } = error;
  if (status === 401 || status === 403)
    return `Set victorialogs.basicAuth or victorialogs.bearerToken in ${deployment.configFile} to those of somebody who may read.`;
  if (status === 404)
    return `victorialogs.url in ${deployment.configFile} has to be the address of VictoriaLogs itself, with the path that a proxy puts before /select/logsql, if any.`;
  return undefined;
}
