import fc from "fast-check";
import { expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { judgeAlerts } from "./alerts.ts";
import { nothingObserved, type RecordedAlerts } from "./recorded-alerts.ts";

/*
 * Short histories of alerts are judged twice: by `judgeAlerts`, and by an oracle that looks at each second of the run, one by one.
 */

const epochMs = Date.UTC(2026, 0, 1);
const lastSecond = 30;
const lagSeconds = 2;
const at = (second: number) => epochMs + second * 1_000;
const second = fc.integer({ min: 1, max: lastSecond });
const rules = [
  { set: "one", alert: "A", severity: "critical", forMs: 2_000 },
  { set: "one", alert: "B", severity: null, forMs: 0 },
  { set: "two", alert: "C", severity: "warning", forMs: 5_000 },
];

/** An alert that is active from a second on, fires after some more and ends after some more, where it does. */
const activation = fc
  .record({
    rule: fc.constantFrom(...rules),
    // The last line is written at `lastSecond`.
    from: fc.integer({ min: 1, max: lastSecond + 4 }),
    firesAfter: fc.option(fc.nat(6), { freq: 3 }),
    lasts: fc.option(fc.nat(8), { freq: 4 }),
  })
  .map(({ rule: { set, alert }, from, firesAfter, lasts }) => {
    const firedAt = firesAfter === null ? null : from + firesAfter;
    const endedAt = lasts === null ? null : (firedAt ?? from) + lasts;
    return {
      ...{ set, alert, labels: { alertname: alert } },
      activeAtMs: at(from),
      firedAtMs: firedAt === null ? null : at(firedAt),
      endedAtMs: endedAt === null ? null : at(endedAt),
    };
  });

const blindSpot = fc
  .record({
    what: fc.constantFrom("prometheus", "rule", "receiver"),
    set: fc.constantFrom("one", "two"),
    from: second,
    seconds: fc.nat(5),
  })
  .map(({ what, set, from, seconds }) => ({
    what: what as "prometheus" | "rule" | "receiver",
    set: what === "rule" ? set : null,
    name: what === "rule" ? "A" : null,
    fromMs: at(from),
    toMs: at(from + seconds),
    problem: { code: "not-loaded" as const },
  }));

const history = fc.record({
  from: fc.integer({ min: 1, max: 5 }),
  activations: fc.array(activation, { maxLength: 6 }),
  blindSpots: fc.array(blindSpot, { maxLength: 1 }),
  fault: fc.option(fc.integer({ min: 6, max: 20 }), { freq: 5 }),
  lostSecond: fc.option(fc.integer({ min: 6, max: 25 }), { freq: 4 }),
  isOpenEnded: fc.boolean(),
});
type History = typeof history extends fc.Arbitrary<infer Value> ? Value : never;

/** One line a second; a line is lost at the unknown place, and may be lost since it was written or since the fault. */
function ledgerOf(): Ledger {
  return {
    schema: "everyline/ledger@1",
    seed: "seed",
    clock: { epochMs, linesPerSecond: 1 },
    sources: [
      {
        source: "a",
        written: lastSecond,
        marks: Array.from({ length: lastSecond + 1 }, (_, index): [number, number] => [index, at(index)]),
      },
    ],
  };
}

function judged({ from, activations, blindSpots, fault, lostSecond, isOpenEnded }: History) {
  const recorded: RecordedAlerts = {
    watched: { fromMs: at(from), toMs: at(lastSecond + 20) },
    lagMs: lagSeconds * 1_000,
    rules,
    activations,
    deliveries: [],
    omitted: { activations: 0, deliveries: 0 },
    blindSpots,
    lossSignals: [],
    ...(isOpenEnded && { isOpenEnded }),
  };
  const faults =
    fault === null
      ? []
      : [
          {
            kind: "kill",
            target: "sink",
            startedAt: new Date(at(fault)).toISOString(),
            endedAt: new Date(at(fault + 2)).toISOString(),
            effective: true,
            evidence: [],
          },
        ];
  const lost =
    lostSecond === null ? [] : [{ source: "a", from: lostSecond + 1, to: lostSecond + 1, hop: "unknown" }];
  return judgeAlerts({ recorded, faults, lost, ledger: ledgerOf() });
}

/** Since when something was broken: the fault, or without one the beginning if lines were lost. */
function brokenSince({ fault, from, lostSecond }: History): number {
  return fault ?? (lostSecond === null ? Number.POSITIVE_INFINITY : from);
}

/** When an alert began to fire, once for each time, and when its condition had become true. */
function firingsOf(
  { activations, from }: History,
  set: string,
  alert: string,
): { active: number; fired: number }[] {
  const found: { active: number; fired: number }[] = [];
  for (let fired = from; fired <= lastSecond + 20; fired++)
    for (let active = 0; active <= fired; active++)
      for (const each of activations)
        if (
          each.set === set &&
          each.alert === alert &&
          each.firedAtMs === at(fired) &&
          each.activeAtMs === at(active)
        )
          found.push({ active, fired });
  return found;
}

/** The last second in which something may become true that was broken. */
const over = lastSecond + lagSeconds;

it("counts each firing once, as a false alarm or as a notice, as looking at each second does", () => {
  fc.assert(
    fc.property(history, (run) => {
      const { alerts, quiet } = judged(run);
      const fault = brokenSince(run);
      for (const { set, alert } of rules) {
        const firings = firingsOf(run, set, alert);
        const notices = firings.filter(({ active }) => active >= fault && active <= over);
        const falseAlarms = firings.filter(({ active }) => active < fault && active <= over);
        const outcome = alerts.find((each) => each.set === set && each.alert === alert);
        expect(outcome?.firings ?? 0).toBe(notices.length);
        expect(outcome?.falseAlarms ?? 0).toBe(falseAlarms.length);
        expect(outcome?.afterwards ?? 0).toBe(firings.length - notices.length - falseAlarms.length);
        expect(outcome?.fired?.seconds ?? null).toBe(
          notices.length === 0 ? null : notices[0]!.fired - (run.fault ?? run.from),
        );
        // Every rule is told of once.
        expect(outcome === undefined).toBe(quiet[set]?.includes(alert) ?? false);
      }
    }),
  );
});

it("says that a loss was noticed in time, late, never or not known, as looking at each second does", () => {
  fc.assert(
    fc.property(history, (run) => {
      const { noticed, loss, sets } = judged(run);
      if (run.lostSecond === null) {
        expect([noticed, loss]).toEqual(["nothing-lost", null]);
        return;
      }
      const fault = brokenSince(run);
      const lostAt = Math.max(run.lostSecond, run.fault ?? run.lostSecond);
      const expectedOf = (some: typeof rules, isSpotRelevant: (set: string | null) => boolean) => {
        const notices = some
          .flatMap(({ set, alert }) => firingsOf(run, set, alert))
          .filter(({ active }) => active >= fault && active <= over);
        if (notices.some(({ fired }) => fired < lostAt)) return "in-time";
        if (notices.length > 0) return "late";
        const startMs = at(fault);
        const isHidden = run.blindSpots.some(
          ({ what, set, fromMs, toMs }) =>
            what !== "receiver" && isSpotRelevant(set) && toMs >= startMs && fromMs <= at(lastSecond + 20),
        );
        const mayFire = run.activations.some(
          ({ set, activeAtMs, firedAtMs, endedAtMs }) =>
            some.some((rule) => rule.set === set) &&
            firedAtMs === null &&
            endedAtMs === null &&
            activeAtMs >= startMs &&
            activeAtMs <= at(over),
        );
        return isHidden || (run.isOpenEnded && mayFire) ? "unknown" : "never";
      };
      expect(noticed).toBe(expectedOf(rules, () => true));
      for (const { set, noticed: bySet } of sets)
        expect(bySet).toBe(
          expectedOf(
            rules.filter((rule) => rule.set === set),
            (of) => of === null || of === set,
          ),
        );
    }),
  );
});

it("never claims a longer warning than the time from the first firing to the loss", () => {
  fc.assert(
    fc.property(history, (run) => {
      const { alerts, loss } = judged(run);
      for (const { fired } of alerts) {
        if (fired === null) continue;
        expect(fired.warningSeconds).toBe(loss === null ? null : loss.seconds - fired.seconds);
        if (fired.resolvedSeconds !== null)
          expect(fired.resolvedSeconds).toBeGreaterThanOrEqual(fired.seconds);
      }
    }),
  );
});

it("never says that nobody would have noticed where alerts were not watched", () => {
  fc.assert(
    fc.property(history, (run) => {
      const { noticed } = judgeAlerts({
        recorded: nothingObserved,
        faults: [],
        lost: run.lostSecond === null ? [] : [{ source: "a", from: 1, to: 1, hop: "unknown" }],
        ledger: ledgerOf(),
      });
      expect(noticed).toBe(run.lostSecond === null ? "nothing-lost" : "unknown");
    }),
  );
});
