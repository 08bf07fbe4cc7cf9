import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { run } from "./support/command.ts";

const throughput = (...args: string[]) => run("bin/everyline", ["throughput", ...args]);

describe("everyline throughput", () => {
  it("tells what it would do, with the claim", async () => {
    const { exitCode, stdout } = await throughput("--pipeline", "direct", "--goal", "rfc2544", "--dry-run");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^direct \(single\), 4 files at a time\nclaim: Option 1 takes about 50,000 /);
    expect(stdout).toMatch(/goal: trials of 60 s, 60 s in all, loss ratio 0, exceed ratio 0, width 0\.05\n$/);
  });

  it("tells what an overload would do", async () => {
    const { exitCode, stdout } = await throughput(
      ...["--pipeline", "direct", "--overload", "--rate", "5000", "--dry-run"],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/overload: twice 5,000 lines\/s for 60 s, then half of it for 180 s\n$/);
  });

  it("tells that only the gateway and Kafka would be measured, and what is claimed of them", async () => {
    const { stdout } = await throughput("--pipeline", "kafka", "--through", "gateway", "--dry-run");
    expect(stdout).toMatch(/^kafka \(split\), the gateway and Kafka alone, 4 streams at a time\n/);
    expect(stdout).toMatch(
      /claim: The gateway and Kafka, as a part of what is claimed: Option 2 takes about 500,000 /,
    );
  });

  it.each([
    [
      ["--pipeline", "direct", "--goal", "fast"],
      /expected a goal like short, repeated, rfc2544, tst009 or trial=/,
    ],
    [["--pipeline", "direct", "--goal", "trial=10s,width=2"], /expected a width of more than 0/],
    [["--pipeline", "direct", "--min", "5000", "--max", "5000"], /--max has to be more than --min/],
    [
      ["--pipeline", "direct", "--max", "600000", "--goal", "trial=1m"],
      /writes more than 6000000 lines; use --max/,
    ],
    [["--pipeline", "direct", "--rate", "5000"], /--rate is for --overload/],
    [["--pipeline", "direct", "--overload", "--rate", "60000"], /more than 6000000 lines; use --rate 50000/],
    [["--pipeline", "direct", "--lag", "soon"], /expected a duration/],
    [["--pipeline", "direct-victorialogs"], /throughput is not measured on direct-victorialogs/],
    [["--pipeline", "direct-stdout"], /whose shipper reads files/],
    [["--pipeline", "direct", "--through", "gateway"], /needs a pipeline with a gateway and a Kafka/],
    [["--pipeline", "kafka", "--through", "gateway", "--latency"], /--latency is that of the whole pipeline/],
    [["--pipeline", "kafka", "--through", "consumer"], /Allowed choices are pipeline, gateway/],
    [["--pipeline", "nowhere"], /nowhere/],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stderr } = await throughput(...args, "--dry-run");
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(message);
  });
});
