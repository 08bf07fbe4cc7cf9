import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { planDocumentSchema } from "../report/plan-document.ts";

const everyline = join(import.meta.dirname, "../../bin/everyline");

/** What a dry run prints where no engine answers. */
async function dryRun(...args: string[]): Promise<string> {
  const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" };
  const { stdout } = await promisify(execFile)(everyline, ["run", ...args, "--dry-run"], { env });
  return stdout;
}

it("tells what a run would do without an engine: one document for one run, a list for several", async () => {
  const one = JSON.parse(await dryRun("loki-restart", "--json", "--repeat", "3", "--seed", "abc"));
  expect(planDocumentSchema.strict().parse(one)).toMatchObject({
    scenario: "loki-restart",
    repeats: 3,
    seed: "abc",
  });
  const several = JSON.parse(await dryRun("loki-outage", "--json"));
  expect(several.runs).toHaveLength(2);
});
