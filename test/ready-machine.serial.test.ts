import { describe, expect, it } from "vitest";
import { hasInstalledPackages } from "./support/checkout.ts";
import { run } from "./support/command.ts";

// Otherwise bin/setup would replace node_modules under this very test.
const hasPackages = await hasInstalledPackages();

describe("a machine that is ready", () => {
  it.runIf(hasPackages)("is not changed by bin/setup, which needs no 3 s", async () => {
    const startedAt = performance.now();
    const { exitCode, stderr } = await run("bin/setup");
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/installing|starting|building|pulling/);
    expect(stderr).toMatch(/setup: ready\. Next: .+\n$/);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it("has all that runs need, by everyline doctor", async () => {
    const { exitCode, stdout } = await run("bin/everyline", ["doctor"]);
    expect(stdout).toMatch(/^ok +engine +Docker \d+\.\d+/m);
    expect(stdout).toMatch(/^ok +image loki:3\.6\.4 +(grafana|everyline)\/loki:3\.6\.4, (pulled|built)$/m);
    expect(stdout).toMatch(/\nRuns are possible\.\n$/);
    expect(exitCode).toBe(0);
  });
});
