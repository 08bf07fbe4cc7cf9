import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root, run } from "./support/command.ts";

const everyline = join(root, "bin/everyline");
const out = await mkdtemp(join(tmpdir(), "everyline-test-"));
afterAll(() => rm(out, { recursive: true, force: true }));

describe("bad input", () => {
  it.each([
    [["run", "loki-restrat"], /there is no scenario "loki-restrat". Did you mean sink-restart/],
    [
      ["run", "sink-restart", "--pipeline", "indirect"],
      /there is no pipeline "indirect"; the pipelines are: direct/,
    ],
    [["run", "sink-restart", "--lines", "0"], /whole number from 1 to 10000000 for --lines, got "0"/],
    [["run", "sink-restart", "--rate", "fast"], /whole number .* for --rate, got "fast"/],
    [["run", "sink-restart", "--repeat", "-1"], /--repeat/],
    [["run", "sink-restart", "--seed", "a b"], /expected a seed/],
    [["run", "sink-crash", "--as-documented"], /describes no test for sink-crash/],
    [["run", "as-written-config", "--pipeline", "direct"], /nothing is claimed of as-written-config/],
    [["run"], /missing required argument/],
    [
      ["run", "app-crash", "--load", "generator"],
      /an application that crashes, and the generator is none; leave --load away/,
    ],
    [
      ["run", "app-rotation", "--load", "generator"],
      /an application that rotates its own file, and the generator is none/,
    ],
    [
      ["run", "file-rotation/copytruncate", "--load", "nestjs"],
      /--load nestjs rotates by rename-create and own only/,
    ],
    [["run", "sink-restart", "--load", "python"], /--load <writer>.*generator, nestjs/],
    [
      [
        "alerts",
        "fixtures/monitoring/rules/document.yaml",
        "--prometheus",
        "x",
        "--scenario",
        "sink-restart",
      ],
      /--prometheus tries rules over the time of a stored run, and --scenario makes a new one; omit one/,
    ],
    [
      ["alerts", "--prometheus", "http://localhost:9090"],
      /there is none; name one: everyline alerts FILE --prometheus/,
    ],
    [["check", "/nonexistent"], /folder of a finished run/],
  ])("%j ends with 64 and says what to do", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(everyline, args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  });

  it("says that no engine answers, and ends with 69", async () => {
    const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" };
    const { exitCode, stderr } = await run(everyline, ["run", "sink-restart", "--out", out], { env });
    expect(stderr).toContain("no container engine answers");
    expect(exitCode).toBe(69);
  });
});
