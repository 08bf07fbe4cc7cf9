import type { ReadError } from "../../base/read-error.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { isUnpublished } from "../refusal.ts";

/** The meaning of Loki's reasons that are caused by different clocks. Other reasons need no explanation. */
const clockReasons: Record<string, string> = {
  too_far_in_future:
    "their timestamps are too new: the clock by which they are stamped is ahead of Loki's by more than its creation_grace_period, 10 min by default",
  greater_than_max_sample_age:
    "their timestamps are too old: older than its reject_old_samples_max_age, a week by default",
  too_far_behind: "their timestamps are too far behind the newest of their stream",
};

/** The meaning of a reason for which Loki refuses lines; undefined if it needs no explanation. */
export function meaningOf(reason: string): string | undefined {
  return clockReasons[reason];
}

/** What to do about an unexpected answer of Loki, or of a proxy in front of it. */
export function hintFor(error: ReadError, { sink, deployment }: Pipeline): string | undefined {
  const { status, message } = error;
  const file = deployment.kind === "own" ? deployment.configFile : undefined;
  if (isUnpublished(error)) {
    const { reader, port } = sink;
    return (
      `Publish port ${port} of ${reader} on this machine, as \`ports: ["127.0.0.1::${port}"]\` in its Compose file, ` +
      "or set loki.url to an address at which this machine reaches it."
    );
  }
  if (file === undefined) return undefined;
  if (status === 401 && /no org id/i.test(message))
    return `This Loki has multi-tenancy: set loki.tenant in ${file} to the tenant for which the shipper sends its lines.`;
  if (status === 401 || status === 403)
    return `Set loki.basicAuth or loki.bearerToken in ${file}, or loki.tenant, to credentials with permission to read.`;
  if (status === 404 || status === 200 || (status !== undefined && status >= 300 && status < 400))
    return `loki.url in ${file} has to be the address of Loki's own API, with the path that a proxy puts before /loki/api/v1, if any.`;
  return undefined;
}
