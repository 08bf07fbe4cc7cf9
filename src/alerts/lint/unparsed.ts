import { type Finding, finding } from "./lint-check.ts";

/** Why an expression does not parse, from the place of the first character that does not fit. */
export function unparsed(expr: string, at: number): Finding {
  const before = expr.slice(0, at);
  const rest = expr.slice(at);
  const unit = /^\s*([kmgtp]i?b?|bytes|%)(?![\w:])/i.exec(rest)?.[1];
  const number = /(\d+)\s*$/.exec(before)?.[1];
  if (unit !== undefined && number !== undefined) return finding("unit-after-number", number + unit, number);
  const called = /([A-Za-z_]\w*)\s*$/.exec(before)?.[1];
  if (called !== undefined && /^\s*\(/.test(rest)) return finding("unknown-function", called);
  return finding("does-not-parse", rest.trim() === "" ? "" : rest.trim().slice(0, 40));
}
