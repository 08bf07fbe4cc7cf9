import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";

describe("everyline doctor", () => {
  it("ends with 69 and without a stack trace where no engine answers", async () => {
    const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:9" };
    const { exitCode, stdout, stderr } = await run("bin/everyline", ["doctor"], { env });
    expect(stdout).toMatch(/^missing +engine +no container engine answers\. Tried:$/m);
    expect(stdout).toContain("tcp://127.0.0.1:9 (DOCKER_HOST): connect ECONNREFUSED 127.0.0.1:9");
    expect(stdout).toMatch(/\nRuns are not possible: 1 missing\.\n$/);
    expect({ exitCode, stderr }).toEqual({ exitCode: 69, stderr: "" });
  });
});
