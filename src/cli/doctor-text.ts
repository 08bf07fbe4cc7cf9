import type { Finding } from "../places/compose/inspect-machine.ts";

/** The findings as plain text, one a line; below each missing requirement stands what to do. */
export function doctorLines(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.map(({ subject, state, found, remedy }) => {
    const indent = " ".repeat(10 + width + 2);
    const line = `${state.padEnd(10)}${subject.padEnd(width)}  ${found.replaceAll("\n", `\n${indent}`)}`;
    return remedy ? `${line}\n${indent}-> ${remedy}` : line;
  });
  return `${lines.join("\n")}\n`;
}
