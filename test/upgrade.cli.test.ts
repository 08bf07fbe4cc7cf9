import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const upgrade = (...args: string[]) => run("bin/everyline", ["upgrade", ...args]);

describe("everyline upgrade", () => {
  it("tells what it would run, the table twice", async () => {
    const { exitCode, stdout } = await upgrade(
      ...[
        "--from",
        "loki=3.6.4",
        "--to",
        "loki=3.7.6",
        "--pipeline",
        "direct",
        "--scenario",
        "sink-restart",
        "--dry-run",
      ],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^configuration of direct checked by loki 3\.6\.4 and 3\.7\.6\ndirect\/upgrade\/in-place: /,
    );
    expect(stdout).toMatch(/direct\/sink-restart on 3\.6\.4 and on 3\.7\.6\n4 runs\n$/);
  });

  it.each([
    [["--from", "loki=3.6.4", "--to", "promtail=3.7.6"], /--from and --to must name/],
    [["--from", "loki=3.6.4", "--to", "loki=3.6.4"], /there is nothing to upgrade/],
    [["--from", "loki", "--to", "loki=3.6.4"], /expected NAME=VERSION/],
    [
      ["--from", "loki=3.6.4", "--to", "loki=3.7.6", "--swap-only", "--scenario", "sink-restart"],
      /--scenario names rows of the guarantees table, which --swap-only leaves out/,
    ],
    [
      ["--from", "kafka=4.3.0", "--to", "kafka=4.4.0", "--pipeline", "direct"],
      /direct does not run the image "kafka"; .* loki, promtail/,
    ],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await upgrade(...args, "--dry-run");
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
