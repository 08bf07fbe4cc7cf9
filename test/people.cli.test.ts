import { readdir } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { configOf, initialised } from "./people/people-copy.ts";
import { peopleStacks } from "./people/stacks.ts";
import type { OwnStack } from "./support/own-stack.ts";

const copies: OwnStack[] = [];

afterAll(() => Promise.all(copies.map((copy) => copy.remove())));

describe.concurrent.each(peopleStacks)("a stack as people write it: $name", (stack) => {
  it("is described by init, without anything more to say than has to be filled in", async () => {
    const copy = await initialised(stack);
    copies.push(copy);
    expect(await configOf(copy)).toEqual({ ...stack.writes, bounds: { lost: 0 } });
  });

  const { outcome } = stack;
  if ("refusal" in outcome)
    it("is refused before anything starts, with the way out", async () => {
      const copy = await initialised(stack);
      copies.push(copy);
      for (const more of [[], ["--dry-run"]]) {
        const { exitCode, stderr } = await copy.run("sink-restart", ...more);
        expect(exitCode, stderr).toBe(64);
        expect(stderr.replaceAll("\n", " ")).toMatch(outcome.refusal);
      }
      expect(await readdir(copy.folder)).not.toContain("reports");
    });
});

it("needs no edit for eleven stacks at least, and one at most", () => {
  const working = peopleStacks.flatMap(({ outcome }) => ("damage" in outcome ? [outcome] : []));
  expect(peopleStacks).toHaveLength(15);
  expect(working.filter(({ edit }) => edit === undefined).length).toBeGreaterThanOrEqual(11);
});
