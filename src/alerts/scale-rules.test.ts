import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { scaleExpression, scaleRules } from "./scale-rules.ts";

const rules = `# A comment that stays.
groups:
  - name: a # and this one
    interval: 1m
    rules:
      - alert: Quoted
        expr: 'rate(a[5m]) > 300'   # the number stays
        for: 10m
        keep_firing_for: 1h
      - alert: Block
        expr: |
          a offset 5m
          # a comment of the expression, [5m]
          or b[10m:1m]
        for: 30s
        annotations: { summary: "for 5m [5m] {{ $labels.a }}" }
      - alert: Real
        expr: rate(a[5m]) > 0
        for: 5m
        annotations: { real_time: it is so }
`;

describe("scaleRules", () => {
  it("multiplies the durations and nothing else", () => {
    expect(scaleRules(rules, 0.1)).toBe(`# A comment that stays.
groups:
  - name: a # and this one
    interval: 6s
    rules:
      - alert: Quoted
        expr: "rate(a[30s]) > 300"   # the number stays
        for: 60s
        keep_firing_for: 360s
      - alert: Block
        expr: "a offset 30s\\n# a comment of the expression, [5m]\\nor b[60s:6s]\\n"
        for: 3s
        annotations: { summary: "for 5m [5m] {{ $labels.a }}" }
      - alert: Real
        expr: rate(a[5m]) > 0
        for: 5m
        annotations: { real_time: it is so }
`);
  });

  it("changes nothing by 1", () => {
    expect(scaleRules(rules, 1)).toBe(rules);
  });

  it("leaves a file alone that is no rule file", () => {
    for (const text of ["", "groups: 1", "a: [", "- 1", "groups: [{ rules: [{ expr: 'a >' }] }]"])
      expect(scaleRules(text, 0.1)).toBe(text);
  });

  it("leaves four scrapes in a range and an interval in a step, and waits that are short as they are scaled", () => {
    expect(scaleExpression("rate(a[5m]) + max_over_time(b[1h:30s]) - c offset 1m", 0.001)).toBe(
      "rate(a[2s]) + max_over_time(b[3600ms:500ms]) - c offset 2s",
    );
    expect(scaleExpression("rate(a[1s])", 0.5)).toBe("rate(a[1s])");
    expect(scaleExpression("a offset -10m", 0.5)).toBe("a offset -300s");
  });

  it("leaves @, numbers and strings that look like durations", () => {
    const text = `a{b="[5m] offset 5m"} @ 300 > 5m`;
    expect(scaleExpression(text, 0.5)).toBe(text);
  });
});

/** Pieces of which an expression is made: text that stays, and durations in seconds. */
const piece = fc.oneof(
  fc
    .nat({ max: 100_000 })
    .map((seconds) => ({ before: 'rate(a{b="x[5m]"}[', seconds: seconds + 2, after: "])" })),
  fc.nat({ max: 100_000 }).map((seconds) => ({ before: "c offset ", seconds: seconds + 2, after: "" })),
  fc.nat({ max: 100_000 }).map((seconds) => ({ before: "(d offset -", seconds: seconds + 2, after: ")" })),
  fc
    .nat({ max: 100_000 })
    .map((seconds) => ({ before: "sum by (e) (f[", seconds: seconds + 2, after: ":])" })),
);
const expression = fc.array(piece, { minLength: 1, maxLength: 5 });

describe("scaling", () => {
  it("is what replacing each duration by hand gives", () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 1, max: 4_000 }), (pieces, thousandths) => {
        const factor = thousandths / 1_000;
        // Slow and obvious: the pieces are put together once with the durations as they are, and once with others.
        const joined = (durationOf: (seconds: number) => string) =>
          pieces.map(({ before, seconds, after }) => before + durationOf(seconds) + after).join(" + ");
        const scaled = joined((seconds) => {
          const ms = Math.max(Math.round(seconds * 1_000 * factor), 2_000);
          return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
        });
        expect(
          scaleExpression(
            joined((seconds) => `${seconds}s`),
            factor,
          ),
        ).toBe(scaled);
      }),
    );
  });

  it("changes of a file's values only the durations", () => {
    fc.assert(
      fc.property(
        expression,
        fc.integer({ min: 1, max: 3_000 }),
        fc.string(),
        fc.integer({ min: 1, max: 999 }),
        (pieces, forSeconds, text, thousandths) => {
          const factor = thousandths / 1_000;
          const expr = pieces.map(({ before, seconds, after }) => `${before}${seconds}s${after}`).join(" + ");
          const rule = { alert: "A", expr, for: `${forSeconds}s`, annotations: { summary: text } };
          const scaled = parse(
            scaleRules(JSON.stringify({ groups: [{ name: "g", rules: [rule] }] }), factor),
          );
          const ms = Math.round(forSeconds * 1_000 * factor);
          const forText = ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
          const expected = { ...rule, expr: scaleExpression(expr, factor), for: forText };
          expect(scaled).toEqual({ groups: [{ name: "g", rules: [expected] }] });
        },
      ),
    );
  });
});

const folder = join(import.meta.dirname, "../../fixtures/monitoring/rules");
const durationForm = /\b\d+(?:ms|[smhd])\b/g;
const inMs = (text: string) =>
  Number.parseInt(text, 10) * { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }[/[a-z]+/.exec(text)![0]]!;

describe("the rule sets, scaled", () => {
  it.each(globSync("*.yaml", { cwd: folder }))("%s: keep everything but their durations", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    for (const factor of [0.01, 0.1, 2.5]) {
      const scaled = parse(scaleRules(text, factor));
      const original = parse(text);
      original.groups.forEach((group: { rules: Record<string, string>[] }, at: number) => {
        const rules: Record<string, string>[] = scaled.groups[at].rules;
        expect({ ...scaled.groups[at], rules: [] }).toEqual({ ...group, rules: [] });
        expect(rules.length).toBe(group.rules.length);
        for (const [index, rule] of group.rules.entries()) expectScaled(rules[index]!, rule, factor);
      });
    }
  });
});

/** Compares by the text of expressions, in which these files have durations nowhere else. */
function expectScaled(scaled: Record<string, string>, rule: Record<string, string>, factor: number): void {
  const isReal = "real_time" in (rule.annotations as unknown as object);
  const { expr, for: wait, keep_firing_for: keep, ...rest } = scaled;
  const { expr: ownExpr, for: ownWait, keep_firing_for: ownKeep, ...ownRest } = rule;
  expect(rest).toEqual(ownRest);
  expect(expr!.replaceAll(durationForm, "…")).toBe(ownExpr!.replaceAll(durationForm, "…"));
  const scaledMs = (ms: number) => (isReal ? ms : Math.round(ms * factor));
  for (const [after, before] of [
    [wait, ownWait],
    [keep, ownKeep],
  ])
    expect(after && inMs(after)).toBe(before && scaledMs(inMs(before)));
  const ranges = (text: string) => [...text.matchAll(durationForm)].map(([found]) => inMs(found));
  expect(ranges(expr!)).toEqual(ranges(ownExpr!).map((ms) => (isReal ? ms : Math.max(scaledMs(ms), 2_000))));
}
