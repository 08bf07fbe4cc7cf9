import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planSchema } from "../plan/plan.ts";

const everyline = join(import.meta.dirname, "../../bin/everyline");

/** What a dry run prints where no engine answers. */
async function dryRun(...args: string[]): Promise<string> {
  const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" };
  const { stdout } = await promisify(execFile)(everyline, ["run", ...args, "--dry-run"], { env });
  return stdout;
}

it("tells what a run would do without an engine: one document for one run, a list for several", async () => {
  const one = JSON.parse(await dryRun("loki-restart", "--json", "--repeat", "3", "--seed", "abc"));
  expect(planSchema.strict().parse(one)).toMatchObject({
    scenario: "loki-restart",
    seed: "abc",
    command: ["run", "loki-restart", "--pipeline", "direct", "--layout", "single", "--seed", "abc"],
  });
  expect(await dryRun("loki-restart", "--repeat", "3")).toContain("3 times");
  const several = JSON.parse(await dryRun("loki-outage", "--json"));
  expect(several.runs).toHaveLength(2);
});

describe("in the folder of a stack of the user's own", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
    const services = "services:\n  loki: { image: grafana/loki }\n  promtail: { image: grafana/promtail }\n";
    await writeFile(join(folder, "compose.yaml"), services);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const run = () => promisify(execFile)(everyline, ["run", "loki-restart", "--dry-run"], { cwd: folder });

  it("says that another runs where there is no configuration", async () => {
    expect((await run()).stderr).toMatch(/not that of .*compose.yaml; `everyline init` describes that one/);
  });

  it("refuses what a run would refuse, before anything starts", async () => {
    const config = `compose: compose.yaml
source: { folder: /var/log/shop }
shipper: { service: promtail }
loki: { url: "http://loki:3100", selector: '{job="shop"}' }
mounts: { empty: [/nowhere] }
`;
    await writeFile(join(folder, "everyline.config.yaml"), config);
    await expect(run()).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining("names /nowhere"),
    });
  });
});
