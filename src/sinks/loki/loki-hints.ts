import type { ReadError } from "../../base/read-error.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { isUnpublished } from "../refusal.ts";

/** What each of Loki's reasons means where clocks differ; the others speak for themselves. */
const clockReasons: Record<string, string> = {
  too_far_in_future:
    "their timestamps are too new: the clock by which they are stamped is ahead of Loki's by more than its creation_grace_period, 10 min unless told otherwise",
  greater_than_max_sample_age:
    "their timestamps are too old: older than its reject_old_samples_max_age, a week unless told otherwise",
  too_far_behind: "their timestamps are too far behind the newest of their stream",
};

/** What a reason for which Loki refuses lines means; undefined where it speaks for itself. */
export function meaningOf(reason: string): string | undefined {
  return clockReasons[reason];
}

/** What to do about an answer of Loki's, or of whoever stands before it, that is none. */
export function hintFor(error: ReadError, { sink, deployment }: Pipeline): string | undefined {
  const { status, message } = error;
  const file = deployment.kind === "own" ? deployment.configFile : undefined;
  if (isUnpublished(error)) {
    const { reader, port } = sink;
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
