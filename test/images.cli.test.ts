import { describe, expect, it } from "vitest";
import { run } from "./support/command.ts";

describe("everyline images", () => {
  it("ends with 64 for an image that there is not", async () => {
    const { exitCode, stderr } = await run("bin/everyline", ["images", "build", "loki:0.1"]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("there is no image loki:0.1; there are: loki:3.6.4");
  });

  it("ends with 69 and says what it tried when no engine answers", async () => {
    const env = { ...process.env, DOCKER_HOST: "unix:///no/such/docker.sock" };
    const { exitCode, stdout, stderr } = await run("bin/everyline", ["images", "list", "--json"], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: "" });
    expect(stderr).toContain("unix:///no/such/docker.sock (DOCKER_HOST): connect ENOENT");
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
