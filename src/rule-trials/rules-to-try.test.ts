import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tempDir } from "../base/temp-dir.ts";
import { isRefused } from "./rule-problem-words.ts";
import { problemsOf, readRuleTexts, recordedIn, setsToTry } from "./rules-to-try.ts";

const text = `groups:
  - name: a
    interval: 1m
    labels: { severity: warning, team: x }
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - alert: Down
        expr: up == 0
        for: 5m
        labels: { severity: critical }
  - name: b
    rules:
      - alert: Up
        expr: up == 1
`;
const file = { file: "rules/mine.yaml", set: "mine", text };

it("takes the alerts of a file, with the labels of their group, and their periods scaled", () => {
  const [set] = setsToTry([file], 1 / 10);
  expect(set!.set).toBe("mine");
  expect(
    set!.rules.map(({ rule, intervalMs }) => [rule.name, rule.forMs ?? 0, intervalMs, rule.labels]),
  ).toEqual([
    ["Down", 30_000, 6_000, { severity: "critical", team: "x" }],
    ["Up", 0, 500, {}],
  ]);
  expect(setsToTry([file], 1)[0]!.rules.map(({ intervalMs }) => intervalMs)).toEqual([60_000, 5_000]);
});

it("tells which rules record, and what is wrong with rules", async () => {
  expect(recordedIn([file])).toEqual(["job:up:sum"]);
  const codes = (await problemsOf([file])).map(({ code }) => code);
  expect(codes).toContain("no-severity");
  expect(codes.some((code) => isRefused({ code }))).toBe(false);
  const refused = { ...file, text: text.replace("up == 1", "up > 10MB") };
  expect(await problemsOf([refused])).toContainEqual(
    expect.objectContaining({
      code: "unit-after-number",
      file: "rules/mine.yaml",
      rule: "Up",
      found: "10MB",
    }),
  );
});

it("reads files, and refuses those that are not there or cannot be told apart", async () => {
  await using dir = await tempDir("everyline-rules-");
  const path = join(dir.path, "mine.yml");
  await writeFile(path, text);
  expect(await readRuleTexts([path])).toEqual([{ file: path, set: "mine", text }]);
  await expect(readRuleTexts([path, path])).rejects.toThrow(/have the same name/);
  await expect(readRuleTexts([join(dir.path, "other.yaml")])).rejects.toThrow(/other.yaml cannot be read/);
});
