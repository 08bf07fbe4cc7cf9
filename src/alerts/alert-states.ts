/** When an alert waits, how long it stays, in milliseconds. */
export interface AlertPeriods {
  /** How long its condition has to be true until it fires. */
  forMs: number;
  /** How long it goes on firing when its condition is no longer true. */
  keepFiringMs: number;
}

/** One alert from the evaluation that first found its condition true to the one that no longer showed it. Unix milliseconds. */
export interface AlertSpan {
  /** The labels of its series, as one text. */
  key: string;
  activeAtMs: number;
  /** Null if it never fired. */
  firedAtMs: number | null;
  /** Null if it was active at the last evaluation. */
  endedAtMs: number | null;
}

interface Active extends AlertSpan {
  /** Since when it fires although its condition is no longer true. */
  keptSinceMs: number | null;
}

/**
 * The states of the alerts of one rule, as Prometheus has them (rules/alerting.go): an alert is pending from the first evaluation that finds its
 * condition true, fires at the first that comes `for` later, and ends at the first that no longer finds it true, unless it is kept firing.
 *
 * @param evaluations in order of time, each with the keys of the series for which the condition was true
 * @returns in the order in which they became active
 */
export function alertStates(
  { forMs, keepFiringMs }: AlertPeriods,
  evaluations: Iterable<{ atMs: number; keys: ReadonlySet<string> }>,
): AlertSpan[] {
  const spans: Active[] = [];
  const active = new Map<string, Active>();
  for (const { atMs, keys } of evaluations) {
    for (const key of keys) {
      if (active.has(key)) continue;
      const span = { key, activeAtMs: atMs, firedAtMs: null, endedAtMs: null, keptSinceMs: null };
      active.set(key, span);
      spans.push(span);
    }
    for (const [key, span] of active) {
      if (keys.has(key)) span.keptSinceMs = null;
      else if (!isKept(span, atMs, keepFiringMs)) {
        span.endedAtMs = atMs;
        active.delete(key);
        continue;
      }
      if (span.firedAtMs === null && atMs - span.activeAtMs >= forMs) span.firedAtMs = atMs;
    }
  }
  return spans.map(({ keptSinceMs: _, ...span }) => span);
}

/** Whether an alert whose condition is no longer true goes on firing. One that is pending never does. */
function isKept(span: Active, atMs: number, keepFiringMs: number): boolean {
  if (span.firedAtMs === null || keepFiringMs === 0) return false;
  span.keptSinceMs ??= atMs;
  return atMs - span.keptSinceMs < keepFiringMs;
}
