import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLedger } from "../src/load/ledger.ts";
import { codecFor } from "../src/load/line.ts";
import { pageOf } from "./people/page.ts";
import { applyTo, configFile, initialised } from "./people/people-copy.ts";
import { keepResult, keptResults, type RunResult } from "./people/result.ts";
import { type Change, type Damage, type PeopleStack, peopleStacks } from "./people/stacks.ts";
import { expectAllDelivered, expectWritten } from "./support/all-delivered.ts";
import { root } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import type { OwnStack } from "./support/own-stack.ts";

await needImages("loki:3.6.4", "promtail", "otel-collector", "node", "stdout-generator");

/** Slowly, so that they last longer than a restart does on a busy machine; the seed is one whose sentinels no damage takes. */
const lines = ["--lines", "300", "--rate", "40", "--seed", "people-1"];
/** A folder for the results; when it has one of each stack, the page is written from them. */
const kept = process.env.PEOPLE_RESULTS;
const copies: OwnStack[] = [];

afterAll(async () => {
  await Promise.all(copies.map((copy) => copy.remove()));
  if (kept === undefined) return;
  const results = await keptResults(kept);
  if (peopleStacks.every(({ name }) => results.has(name)))
    await writeFile(join(root, "docs/stacks.md"), pageOf(peopleStacks, results));
});

async function keep(name: string, result: Record<string, unknown>): Promise<void> {
  if (kept === undefined) return;
  const earlier = (await keptResults(kept)).get(name);
  await keepResult(kept, { ...earlier, ...result, name, measuredAtMs: Date.now() });
}

/** A copy of a stack as its owner would run it. */
async function ready(stack: PeopleStack, edit?: Change, damage?: Change): Promise<OwnStack> {
  const copy = await initialised(stack, ...(damage === undefined ? [] : [damage]));
  copies.push(copy);
  if (edit !== undefined) await applyTo(copy, edit);
  return copy;
}

async function runIn(copy: OwnStack, { environment = {} }: PeopleStack) {
  const startedAtMs = Date.now();
  const outcome = await copy.runWith(environment, "sink-restart", ...lines);
  return { ...outcome, seconds: (Date.now() - startedAtMs) / 1_000 };
}

/** The lines of a run that a damage takes, as `SOURCE/NUMBER`. */
async function takenBy({ loses }: Damage, report: string): Promise<Set<string>> {
  const ledger = await readLedger(join(report, "ledger.json"));
  const codec = codecFor(ledger);
  const all = ledger.sources.flatMap(({ source, written }) =>
    Array.from({ length: written }, (_, index) => [source, index + 1] as const),
  );
  const taken = all.filter(([source, sequence]) => loses(codec.encode(source, sequence)));
  return new Set(taken.map(([source, sequence]) => `${source}/${sequence}`));
}

describe.concurrent.each(peopleStacks)("a stack as people write it: $name", (stack) => {
  const { outcome } = stack;
  if ("refusal" in outcome) {
    it("is refused before anything starts", async () => {
      const copy = await ready(stack);
      const { exitCode, stderr } = await runIn(copy, stack);
      expect(exitCode, stderr).toBe(64);
      expect(await readdir(copy.folder)).not.toContain("reports");
      const refusal = stderr
        .replaceAll(`${copy.folder}/`, "")
        .replace(/^everyline: /, "")
        .replaceAll(/\s+/g, " ")
        .trim();
      await keep(stack.name, { refusal });
    });
    return;
  }
  const { edit, damage } = outcome;

  it("holds over a restart of its Loki", async () => {
    const { exitCode, stderr, document, seconds } = await runIn(await ready(stack, edit), stack);
    expect(exitCode, stderr).toBe(0);
    const { verdict, counts } = document!;
    expect(verdict).toBe("holds");
    expect(counts).toMatchObject({ lost: 0, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
    expectAllDelivered(counts, 300);
    await keep(stack.name, { asItIs: resultOf(verdict, counts, seconds) });
  });

  it("is broken where it is damaged, by exactly the lines that the damage takes", async () => {
    const copy = await ready(stack, edit, damage);
    // What its own waits do not explain is waited for longer than a test should.
    await copy.change(configFile, (text) => `${text}quietSeconds: 5\n`);
    const { exitCode, stderr, document, report, seconds } = await runIn(copy, stack);
    expect(exitCode, stderr).toBe(1);
    const { verdict, counts, lost } = document!;
    const taken = await takenBy(damage, report);
    const told = lost.flatMap(({ source, from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${source}/${from + index}`),
    );
    expect(new Set(told)).toEqual(taken);
    expectWritten(counts, 300);
    expect(taken.size).toBeGreaterThanOrEqual(30);
    expect(counts).toMatchObject({
      lost: taken.size,
      delivered: counts.written - taken.size,
      corrupted: 0,
      truncated: 0,
      merged: 0,
      unexpected: 0,
    });
    await keep(stack.name, { damaged: resultOf(verdict, counts, seconds) });
  });
});

function resultOf(
  verdict: string,
  { written, delivered, lost }: Omit<RunResult, "verdict" | "seconds">,
  seconds: number,
): RunResult {
  return { verdict, written, delivered, lost, seconds };
}
