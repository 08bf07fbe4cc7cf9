import { UsageError } from "../../base/errors.ts";

const msPerUnit: Record<string, number> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};
/** As Prometheus defines it: each unit once, from the longest to the shortest. */
const form = /^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/;

/**
 * Milliseconds of a duration of Prometheus or Alertmanager, such as `1h30m` or `0`.
 *
 * @throws UsageError if it is not valid
 */
export function parsePrometheusDuration(text: string): number {
  if (text === "0") return 0;
  if (text === "" || !form.test(text))
    throw new UsageError(`expected a duration like "5m" or "1h30m", got ${JSON.stringify(text)}.`);
  const parts = [...text.matchAll(/(\d+)(ms|[ywdhms])/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * msPerUnit[unit!]!, 0);
}

/** A duration in the form of Prometheus; at least 1 ms, as 0 often means something else. */
export function prometheusDuration(ms: number): string {
  return `${Math.max(1, Math.round(ms))}ms`;
}
