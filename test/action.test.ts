import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root, run } from "./support/command.ts";
import { useOwnStacks } from "./support/own-stack.ts";

const stackOf = useOwnStacks(afterAll);

interface Step {
  id?: string;
  run?: string;
  env?: Record<string, string>;
}

const action = parse(await readFile(join(root, "action.yml"), "utf8"));
const steps: Step[] = action.runs.steps;

/** Runs the step of the action that runs scenarios, as GitHub would, in a folder. */
async function act(folder: string, inputs: Record<string, string>) {
  const step = steps.find(({ id }) => id === "run")!;
  const given = (text: string) =>
    text.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name: string) => {
      return inputs[name] ?? action.inputs[name].default;
    });
  const env = Object.fromEntries(Object.entries(step.env!).map(([name, value]) => [name, given(value)]));
  const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  const outcome = await run("bash", ["-e", "-o", "pipefail", "-c", step.run!], {
    cwd: folder,
    env: { ...process.env, ...env, ...files, GITHUB_ACTION_PATH: root },
  });
  const [output, summary] = await Promise.all(
    Object.values(files).map((file) => readFile(file, "utf8").catch(() => "")),
  );
  const outputs = Object.fromEntries(
    output!
      .trim()
      .split("\n")
      .map((line) => line.split("=")),
  );
  return { ...outcome, outputs, summary };
}

describe("the GitHub Action", () => {
  it("gives the verdict, the folder of the reports and a summary to the workflow", async () => {
    const stack = await stackOf("rewritten-config", {
      "compose.yaml": (text) => text.replace(", tuner]", "]"),
    });
    const { exitCode, outputs, summary, stderr } = await act(stack.folder, { arguments: "--lines 500" });
    expect(exitCode, stderr).toBe(0);
    expect(outputs.verdict).toBe("holds");
    expect(await readdir(outputs.reports!)).toHaveLength(1);
    expect(summary).toContain("500 of 500");
  });

  it("fails without a verdict, and with the reason, where the scenario does not exist", async () => {
    const stack = await stackOf("rewritten-config");
    const { exitCode, outputs, summary, stderr } = await act(stack.folder, { scenarios: "loki-restrat" });
    expect(exitCode).toBe(64);
    expect(outputs.verdict).toBe("");
    expect(summary).toBe("");
    expect(stderr).toContain('there is no scenario "loki-restrat"');
  });
});
