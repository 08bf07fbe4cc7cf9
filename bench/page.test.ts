import { expect, it } from "vitest";
import { pageOf } from "./page.ts";

const timed = (command: string, seconds: number) => ({ command, seconds });

const result = {
  benchmark: "verify",
  question: "How fast are lines judged?",
  date: "2026-11-28",
  machine: "2 processors, 24 GB",
  rows: [
    {
      what: "in file order",
      input: "5,000,000 lines",
      repeats: 3,
      subject: { ...timed("everyline verify a | cat", 1), cpuSeconds: 1.5, peakBytes: 100_000_000 },
      peer: timed("sort a", 2.5),
      figure: { value: 2.5, unit: "times as fast", wanted: { atLeast: 2 } },
    },
    {
      what: "at the floor",
      input: "5,000,000 lines",
      repeats: 1,
      subject: timed("everyline verify a", 1),
      peer: { command: "nothing", missing: "nothing is not on this machine" },
      figure: { unit: "times as fast", wanted: { atMost: 2 } },
    },
    {
      what: "memory",
      input: "5,000,000 lines",
      repeats: 1,
      subject: timed("everyline verify a", 1),
      figure: { value: 300, unit: "MB", wanted: { atMost: 256 } },
    },
  ],
};

it("tells each figure, what is wanted of it, and whether that is reached", () => {
  const rows = pageOf([result])
    .split("\n")
    .filter((line) => line.startsWith("| "));
  expect(rows.slice(2)).toEqual([
    "| in file order | 5,000,000 lines | 2.5 times as fast | ≥ 2 | yes |",
    "| at the floor | 5,000,000 lines | not measured | ≤ 2 | – |",
    "| memory | 5,000,000 lines | 300 MB | ≤ 256 | **no** |",
  ]);
});

it("tells the commands of both sides, and a peer that is missing", () => {
  const page = pageOf([result]);
  expect(page).toContain(
    "- in file order: `everyline verify a | cat` (1.00 s, 1.50 s of processors, at most 100 MB), against `sort a` (2.50 s); medians of 3 runs.",
  );
  expect(page).toContain("against `nothing` (not measured: nothing is not on this machine); one run.");
});
