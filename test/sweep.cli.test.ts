import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const sweep = (...args: string[]) => run("bin/everyline", ["sweep", ...args]);

describe("everyline sweep", () => {
  it("tells which lengths it would try, and the claim", async () => {
    const options = ["--pipeline", "direct", "--outage", "1m..2h", "--real-time", "--dry-run"];
    const { exitCode, stdout } = await sweep("sink-outage", ...options);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^sink-outage\/one-hour on direct \(single\)\nclaim: Option 1 buffers about 1 hour\./,
    );
    expect(stdout).toMatch(
      /outages of 1 min and 2 h, then of 1 h as claimed, then .* until they are 10 % apart/,
    );
    expect(stdout).toMatch(/then both of these in real time\n/);
  });

  it("judges the 7 days of Option 2 only where records age", async () => {
    const on = (scenario: string, range: string) =>
      sweep(scenario, "--pipeline", "kafka", "--outage", range, "--dry-run");
    expect((await on("sink-outage", "1h..2h")).stdout).toMatch(/\nclaim: none\n/);
    expect((await on("sink-down-24h", "1d..9d")).stdout).toMatch(
      /\nclaim: Option 2 buffers 7 days.* then of 7 d as claimed/s,
    );
  });

  it("tells which backlogs it would try, and the claim", async () => {
    const { stdout } = await sweep("recovery", "--pipeline", "kafka", "--lines", "10k..200k", "--dry-run");
    expect(stdout).toMatch(/claim: .* within seconds\. That is 1 min/);
    expect(stdout).toMatch(/backlogs of 10,000, 30,000, 100,000, 200,000 lines\n/);
  });

  it.each([
    [["sink-outage"], /expected either --outage FROM\.\.TO or --lines FROM\.\.TO/],
    [["sink-outage", "--outage", "2h..1m"], /from the smaller to the greater end/],
    [["sink-outage", "--outage", "1m..2h", "--width", "0.1"], /expected a width from 1% to 100%/],
    [["sink-outage", "--outage", "1m..2h", "--rate", "9"], /--rate is for --lines/],
    [["sink-outage", "--outage", "1h..2d"], /is at most 24 h long, because the shipper's retries are scaled/],
    [["recovery", "--outage", "1m..2h"], /recovery is as long as its lines take; sweep it with --lines/],
    [["sink-restart", "--lines", "10..20"], /no line is written during the first fault of sink-restart/],
    [["all", "--lines", "10..20"], /a sweep is of one scenario/],
    [
      ["datacenter-failure", "--lines", "10..20"],
      /nothing is claimed of datacenter-failure on the pipeline direct/,
    ],
    [["nowhere", "--lines", "10..20"], /there is no scenario "nowhere"/],
  ])("refuses %j", async ([scenario, ...options], message) => {
    const { exitCode, stderr } = await sweep(scenario!, "--pipeline", "direct", ...options, "--dry-run");
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
