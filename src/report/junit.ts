import { describeCounts, describeLost } from "./describe.ts";
import type { RunDocument } from "./run-document.ts";

const maxLostRanges = 100;

/** Runs as JUnit XML: `broken` is a failure, `unknown` an error, so that no CI counts either as passed. */
export function renderJunit(runs: RunDocument[]): string {
  const failures = runs.filter(({ verdict }) => verdict === "broken").length;
  const errors = runs.filter(({ verdict }) => verdict === "unknown").length;
  const seconds = runs.reduce((sum, { timings }) => sum + timings.totalSeconds, 0).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="everyline" tests="${runs.length}" failures="${failures}" errors="${errors}" time="${seconds}">`,
    ...runs.map(testcase),
    "</testsuite>",
    "",
  ].join("\n");
}

function testcase(run: RunDocument): string {
  const attributes = `classname="everyline.${escaped(run.pipeline)}" name="${escaped(run.scenario)}" time="${run.timings.totalSeconds.toFixed(3)}"`;
  const output = `<system-out>${escaped([run.claim.text, describeCounts(run), ...run.faults.map(({ evidence }) => evidence)].join("\n"))}</system-out>`;
  return `  <testcase ${attributes}>${outcome(run)}${output}</testcase>`;
}

function outcome(run: RunDocument): string {
  if (run.verdict === "holds") return "";
  const element = run.verdict === "broken" ? "failure" : "error";
  const details = [...run.reasons, ...describeLost(run, maxLostRanges)].join("\n");
  return `<${element} message="${escaped(run.reasons[0] ?? run.verdict)}">${escaped(details)}</${element}>`;
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
