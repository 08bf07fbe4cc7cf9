import { expect } from "vitest";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { expectAllDelivered, expectEndingInSevenLost } from "./all-delivered.ts";
import type { OwnStack } from "./own-stack.ts";

/** Slowly, so that they last longer than a restart does on a busy machine. */
export const lines = ["--lines", "300", "--rate", "40"];
/** A stage of Promtail's that drops lines by their number. */
export const dropsSeven = `      - drop: { expression: "Test log [0-9]*7 " }\n`;
/** A configuration of Promtail with a stage more at the beginning. */
export const stages = (text: string, stage: string) => text.replace("    pipeline_stages:\n", `$&${stage}`);

/** Runs a restart of the sink, which loses nothing. */
export async function holds(stack: OwnStack): Promise<RunDocument> {
  const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
  expect(exitCode, stderr).toBe(0);
  expect(document).toMatchObject({ verdict: "holds", reasons: [] });
  expectAllDelivered(document!.counts, 300);
  return document!;
}

/** Runs a restart of the sink while the pipeline drops the lines whose number ends in 7. */
export async function losesSeven(stack: OwnStack): Promise<void> {
  const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
  expect(exitCode, stderr).toBe(1);
  expectEndingInSevenLost(document!);
  expect(document!.counts).toMatchObject({
    corrupted: 0,
    truncated: 0,
    merged: 0,
    unexpected: 0,
    duplicated: 0,
  });
}
