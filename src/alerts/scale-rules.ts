import { isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap } from "yaml";
import { parsePromql } from "./parse-promql.ts";
import { type DurationText, nodesIn, type PromqlNode } from "./promql-syntax.ts";
import { ruleDuration, ruleDurationMs } from "./rule-duration.ts";

/** Prometheus reads metrics and evaluates rules at most every 500 ms, however short a run's periods are; a range needs four samples. */
const shortestStepMs = 500;
const shortestRangeMs = 4 * shortestStepMs;

/**
 * Multiplies every duration of a rule file by a factor, as the retries of a run's parts are: `for`, `keep_firing_for`, the intervals of
 * groups, and in expressions ranges, subqueries and offsets. Nothing else in the text changes, comments included. Ranges and offsets do
 * not become shorter than 2 s. Numbers stay, also those that are compared with seconds, and `@` stays.
 *
 * A rule whose annotation `real_time` gives a reason stays as it is: it is about something that has the same period at any scale.
 *
 * @param text a rule file; where it is no valid one, it stays as it is
 */
export function scaleRules(text: string, factor: number): string {
  if (factor === 1) return text;
  const changes = scaledScalars(text, factor);
  // From the end, so that the earlier places stay right.
  return changes
    .sort((a, b) => b.from - a.from)
    .reduce((scaled, { from, to, by }) => scaled.slice(0, from) + by + scaled.slice(to), text);
}

interface Change {
  from: number;
  to: number;
  by: string;
}

function scaledScalars(text: string, factor: number): Change[] {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0 || !isMap(document.contents)) return [];
  return mapsIn(document.contents, "groups").flatMap((group) => [
    ...scaledPeriods(group, ["interval", "query_offset"], factor),
    ...mapsIn(group, "rules")
      .filter((rule) => !isInRealTime(rule))
      .flatMap((rule) => [
        ...scaledPeriods(rule, ["for", "keep_firing_for"], factor),
        ...scaledExpression(rule, factor),
      ]),
  ]);
}

function mapsIn(map: YAMLMap, key: string): YAMLMap[] {
  const found = map.get(key);
  return isSeq(found) ? found.items.filter((each) => isMap(each)) : [];
}

function isInRealTime(rule: YAMLMap): boolean {
  const annotations = rule.get("annotations");
  return isMap(annotations) && annotations.has("real_time");
}

function scaledPeriods(map: YAMLMap, keys: string[], factor: number): Change[] {
  return keys.flatMap((key) => {
    const scalar = map.get(key, true);
    if (!isScalar(scalar)) return [];
    const ms = ruleDurationMs(String(scalar.value));
    return ms === undefined ? [] : change(scalar, ruleDuration(Math.round(ms * factor)));
  });
}

function scaledExpression(rule: YAMLMap, factor: number): Change[] {
  const scalar = rule.get("expr", true);
  if (!isScalar(scalar) || typeof scalar.value !== "string") return [];
  const scaled = scaleExpression(scalar.value, factor);
  // In double quotes, which can hold any text on one line.
  return scaled === scalar.value ? [] : change(scalar, JSON.stringify(scaled));
}

function change(scalar: Scalar, by: string): Change[] {
  const [from, to] = scalar.range!;
  // The range of a block ends after its last line break.
  const isBlock = scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED";
  return [{ from, to, by: isBlock ? `${by}\n` : by }];
}

/** An expression with its durations multiplied, and everything else as it was; unchanged if it does not parse. */
export function scaleExpression(text: string, factor: number): string {
  const { node } = parsePromql(text);
  if (node === undefined) return text;
  return durationsIn(node)
    .filter(({ ms }) => ms !== undefined && ms !== 0)
    .sort((a, b) => b.from - a.from)
    .reduce(
      (scaled, duration) =>
        scaled.slice(0, duration.from) + scaledDuration(duration, factor) + scaled.slice(duration.to),
      text,
    );
}

interface FoundDuration extends DurationText {
  shortestMs: number;
}

function durationsIn(node: PromqlNode): FoundDuration[] {
  const long = (duration: DurationText) => ({ ...duration, shortestMs: shortestRangeMs });
  return [...nodesIn(node)].flatMap((each) => {
    if (each.kind === "range") return [long(each.range)];
    if (each.kind === "offset") return [long(each.by)];
    if (each.kind !== "subquery") return [];
    const { range, step } = each;
    return step === undefined ? [long(range)] : [long(range), { ...step, shortestMs: shortestStepMs }];
  });
}

function scaledDuration({ ms, shortestMs }: FoundDuration, factor: number): string {
  const longMs = Math.abs(ms!);
  const scaledMs = Math.max(Math.round(longMs * factor), Math.min(Math.round(longMs), shortestMs), 1);
  return `${ms! < 0 ? "-" : ""}${ruleDuration(scaledMs)}`;
}
