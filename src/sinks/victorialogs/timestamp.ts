import { ReadError } from "../../base/read-error.ts";

const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;
const nanosPerMs = 1_000_000n;

/**
 * The Unix nanoseconds of a time as VictoriaLogs writes it: RFC 3339 in UTC, without trailing zeros in the fraction of the second.
 *
 * @throws ReadError if it is not such a time
 */
export function parseTimestamp(text: string): bigint {
  const [, seconds, fraction = ""] = form.exec(text) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  if (seconds === undefined || Number.isNaN(ms))
    throw new ReadError({ code: "no-time", sink: "victorialogs", text });
  return BigInt(ms) * nanosPerMs + BigInt(fraction.padEnd(9, "0"));
}
