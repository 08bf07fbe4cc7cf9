import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const everyline = join(import.meta.dirname, "../../bin/everyline");

describe("a run in the folder of a stack of the user's own", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
    const services = "services:\n  loki: { image: grafana/loki }\n  promtail: { image: grafana/promtail }\n";
    await writeFile(join(folder, "compose.yaml"), services);
  });

  afterEach(() => rm(folder, { recursive: true }));

  const run = () => promisify(execFile)(everyline, ["run", "sink-restart", "--dry-run"], { cwd: folder });

  it("is refused where there is no configuration, since it would not run that stack", async () => {
    await expect(run()).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringMatching(
        /there is a Compose file compose.yaml, but no everyline.config.yaml .*`everyline init` writes one.*--pipeline direct/,
      ),
    });
  });

  it("refuses what a run would refuse, before anything starts", async () => {
    const config = `compose: compose.yaml
source: { folder: /var/log }
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
