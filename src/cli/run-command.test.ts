import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { planSchema } from "../plan/plan.ts";

const everyline = join(import.meta.dirname, "../../bin/everyline");

/** What a dry run prints where no engine answers. */
async function dryRun(...args: string[]): Promise<string> {
  const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" };
  const { stdout } = await promisify(execFile)(everyline, ["run", ...args, "--dry-run"], { env });
  return stdout;
}

it("tells what a run would do without an engine: one document for one run, a list for several", async () => {
  const one = JSON.parse(await dryRun("sink-restart", "--json", "--repeat", "3", "--seed", "abc"));
  expect(planSchema.strict().parse(one)).toMatchObject({
    scenario: "sink-restart",
    seed: "abc",
    command: ["run", "sink-restart", "--pipeline", "direct", "--layout", "single", "--seed", "abc"],
  });
  expect(await dryRun("sink-restart", "--repeat", "3")).toContain("3 times");
  const several = JSON.parse(await dryRun("sink-outage", "--json"));
  expect(several.runs).toHaveLength(3);
});
