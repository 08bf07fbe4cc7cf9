const unitsMs = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a duration as rule files have it, such as `1h30m` or `0`; undefined if it is none. Units stand in this order. */
export function ruleDurationMs(text: string): number | undefined {
  if (text === "0") return 0;
  const match = text === "" ? null : form.exec(text);
  if (match === null) return undefined;
  return Object.values(unitsMs).reduce(
    (sum, unitMs, index) => sum + Number(match[index + 1] ?? 0) * unitMs,
    0,
  );
}

/** A duration as rule files have it: `90000` becomes `90s`, `1500` becomes `1500ms`. Expects whole milliseconds. */
export function ruleDuration(ms: number): string {
  if (ms === 0) return "0s";
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
