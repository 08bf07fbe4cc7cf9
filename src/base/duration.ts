import { UsageError } from "./errors.ts";

const secondsPerUnit: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/**
 * Seconds of a duration such as `30m`, `24h` or `6d23h`.
 *
 * @throws UsageError if it is not valid
 */
export function parseDurationSeconds(text: string): number {
  const isDuration = /^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$/.test(text);
  const parts = [...text.matchAll(/(\d+)([dhms])/g)];
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * secondsPerUnit[unit!]!, 0);
  if (isDuration && seconds > 0) return seconds;
  throw new UsageError(`expected a duration like "30m", "24h" or "6d23h", got ${JSON.stringify(text)}.`);
}

/** Whole seconds as people write them: `6 d 23 h`, `30 min`, `45 s`. */
export function describeDuration(exactSeconds: number): string {
  const seconds = Math.round(exactSeconds);
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  // Days are used only from the second day on: the tested promise says "24 h", not "1 d".
  if (seconds === 86_400) return "24 h";
  const parts = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return parts.length > 0 ? parts.join(" ") : "0 s";
}

const nanosPerGoUnit: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};

const nanosPerPrometheusUnit: Record<string, number> = {
  ...nanosPerGoUnit,
  d: 24 * 3_600e9,
  w: 7 * 24 * 3_600e9,
  y: 365 * 24 * 3_600e9,
};

/**
 * Milliseconds of a Go duration such as `1m30s` or `500ms`.
 *
 * @throws UsageError if it is not valid
 */
export function goDurationMs(text: string): number {
  const ms = sumMs(text, nanosPerGoUnit);
  if (ms === undefined) throw new UsageError(`expected a duration like "500ms" or "1m30s", got "${text}".`);
  return ms;
}

/** A duration in milliseconds as programs written in Go read it, exact to the microsecond. */
export function goDurationOf(ms: number): string {
  return `${Math.round(ms * 1_000)}us`;
}

/** Milliseconds of a duration as Go or Prometheus writes it, `1h0m0s`, `30d1h` or `0`; undefined if the text is not a duration. */
export function prometheusDurationMs(text: string): number | undefined {
  return text === "0" ? 0 : sumMs(text, nanosPerPrometheusUnit);
}

function sumMs(text: string, nanosPerUnit: Record<string, number>): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-zµ]+)/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === text;
  if (!isWhole || !parts.every(([, , unit]) => Object.hasOwn(nanosPerUnit, unit!))) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * nanosPerUnit[unit!]!, 0) / 1e6;
}
