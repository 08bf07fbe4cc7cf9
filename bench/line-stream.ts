import { writeSync } from "node:fs";
import { LineEncoder } from "../src/load/line-encoder.ts";
import { TextBlock } from "../src/load/text-block.ts";

/** `line-stream.ts LINES`: writes the lines of `ledgerOfStream` to standard output, for inputs that no disk has room for. */

const blockBytes = 1_048_576;
const standardOutput = 1;

/** The ledger of so many lines. */
export function ledgerOfStream(lines: number) {
  return {
    schema: "everyline/ledger@1" as const,
    seed: "bench",
    clock: { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 1_000 },
    sources: [{ source: "app-1", written: lines, marks: [] }],
  };
}

function writeLines(lines: number): void {
  const { seed, clock } = ledgerOfStream(lines);
  const [encoder] = LineEncoder.ofSources({ seed, clock }, ["app-1"]);
  const block = new TextBlock(blockBytes);
  for (let next = 1; next <= lines; ) {
    next = encoder!.fill(block, next, lines) + 1;
    for (let left = block.content; left.length > 0; ) left = left.subarray(writeSync(standardOutput, left));
  }
}

if (import.meta.main) writeLines(Number(process.argv[2]));
