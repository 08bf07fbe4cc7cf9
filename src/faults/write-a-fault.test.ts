import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { faultKinds, nameOf } from "./registry.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

it("docs/write-a-fault.md shows the content of the fault's files", () => {
  const files = [
    "src/faults/pause.ts",
    "src/faults/pause.test.ts",
    "src/faults/registry.ts",
    "src/plan/claims/option-1.ts",
    "scenarios/sink-pause.ts",
    "test/vacuity.serial.test.ts",
  ].map(textOf);
  const blocks = [...textOf("docs/write-a-fault.md").matchAll(/^```ts\n([\s\S]*?)^```$/gm)];
  expect(blocks.length).toBeGreaterThan(8);
  for (const [, block] of blocks)
    expect(
      files.some((text) => text.includes(block!)),
      block,
    ).toBe(true);
});

it("tells in docs/write-a-scenario.md of every kind of fault what it does", () => {
  const page = textOf("docs/write-a-scenario.md");
  for (const kind of faultKinds) expect(page).toContain(`| \`${nameOf(kind)}\` | ${kind.summary} |`);
});
