import type { RunDocument } from "../judge/run-document.ts";
import { factsOf, textsOf } from "./facts.ts";
import { describeFaultEvidence } from "./words/evidence-words.ts";

const limits = { lostRanges: 100, tornLines: 0, alerts: 50 };

/** A test case of JUnit XML. */
export interface Testcase {
  classname: string;
  name: string;
  seconds: number;
  outcome: "passed" | "failure" | "error" | "skipped";
  /** Why it did not pass, or was skipped, the first in brief. */
  details: string[];
  output: string;
}

/** Runs as JUnit XML: `broken` is a failure, `unknown` an error, so that no CI counts either as passed. */
export function renderJunit(runs: RunDocument[]): string {
  return renderSuite("everyline", runs.map(testcaseOf));
}

function testcaseOf(run: RunDocument): Testcase {
  const { plan, timings, verdict, faults } = run;
  const facts = factsOf(run, limits);
  return {
    classname: `everyline.${plan.pipeline}`,
    name: plan.scenario,
    seconds: timings.totalSeconds,
    outcome: verdict === "holds" ? "passed" : verdict === "broken" ? "failure" : "error",
    details: [...textsOf(facts, "reason"), ...textsOf(facts, "lost")],
    output: [
      plan.claim.text,
      ...textsOf(facts, "measured"),
      ...faults.map(describeFaultEvidence),
      ...(["noticed", "alert", "alerts not seen"] as const).flatMap((name) => textsOf(facts, name)),
    ].join("\n"),
  };
}

/** Test cases as a suite of JUnit XML. */
export function renderSuite(name: string, cases: Testcase[]): string {
  const countOf = (outcome: Testcase["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  const skipped = countOf("skipped");
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(name)}" tests="${cases.length}" failures="${countOf("failure")}" errors="${countOf("error")}"${skipped > 0 ? ` skipped="${skipped}"` : ""} time="${seconds}">`,
    ...cases.map(renderCase),
    "</testsuite>",
    "",
  ].join("\n");
}

function renderCase({ classname, name, seconds, output, outcome, details }: Testcase): string {
  const attributes = `classname="${escaped(classname)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  return `  <testcase ${attributes}>${renderOutcome(outcome, details)}<system-out>${escaped(output)}</system-out></testcase>`;
}

function renderOutcome(outcome: Testcase["outcome"], details: string[]): string {
  if (outcome === "passed") return "";
  if (outcome === "skipped") return `<skipped message="${escaped(details[0] ?? outcome)}"/>`;
  return `<${outcome} message="${escaped(details[0] ?? outcome)}">${escaped(details.join("\n"))}</${outcome}>`;
}

/** Escaped for text and attributes; characters that XML 1.0 cannot hold at all are replaced. */
function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
  };
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/[&<>"\n]/g, (character) => entities[character]!);
}
