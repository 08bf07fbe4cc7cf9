import { afterAll, describe, expect, it } from "vitest";
import { useOwnStacks } from "./support/own-stack.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

const stackOf = useOwnStacks(afterAll);

const config = "everyline.config.yaml";
const retrying = (backoff: string) => (text: string) =>
  text.replace('/push" }]', `/push", backoff_config: { ${backoff} } }]`);

describe("a Loki that takes long to stop and to come back", () => {
  it("holds with the load as it is, which goes on until Loki is down, and the wait is for Promtail's next try", async () => {
    const stack = await stackOf("files-to-loki", {
      [config]: (text) => `${text}quietSeconds: 1\n`,
      // With the configuration that Loki's image brings.
      "compose.yaml": (text) => text.replace(/(image: grafana\/loki:3\.6\.4\n)[\s\S]*/, "$1"),
    });
    const { exitCode, stdout, stderr, document } = await stack.run("sink-restart");
    expect(exitCode, stdout + stderr).toBe(0);
    const { counts, faults } = document!;
    expect(counts).toMatchObject({ lost: 0, delivered: counts.written });
    // It takes 10 s and is killed then; the load of 10 s would have ended 3 s before.
    expect(counts.written).toBeGreaterThan(1_010);
    expect(evidenceOf(faults[0])).toMatch(/\(it took \d+\.\d s to end after it was asked to\)/);
    expect(Date.parse(faults[0]!.startedAt) - Date.parse(faults[0]!.askedAt!)).toBeGreaterThan(5_000);
  });
});

describe("lines that are not there yet", () => {
  it("are not lost while they are still arriving", async () => {
    const stack = await stackOf("files-to-loki", {
      [config]: (text) => `${text}quietSeconds: 3\nsettleSeconds: 6\n`,
      "promtail.yaml": (text) =>
        `${text}limits_config: { readline_rate_enabled: true, readline_rate: 5, readline_burst: 5, readline_rate_drop: false }\n`,
    });
    const { exitCode, document } = await stack.run("sink-restart", "--lines", "300");
    expect(document).toMatchObject({ verdict: "unknown" });
    expect(reasonsOf(document!).join(" ")).toContain("lines were still arriving, the last one");
    expect(exitCode).toBe(2);
  });

  it("are not lost while Promtail holds them and waits for its next try, which its configuration puts a minute off", async () => {
    const stack = await stackOf("files-to-loki", {
      [config]: (text) => `${text}quietSeconds: 3\n`,
      "promtail.yaml": retrying("min_period: 60s, max_period: 2m, max_retries: 0"),
    });
    const { document } = await stack.run(
      "sink-outage/below-horizon",
      "--lines",
      "300",
      "--rate",
      "100",
      "--settle",
      "9s",
    );
    expect(document).toMatchObject({ verdict: "unknown" });
    expect(reasonsOf(document!).join(" ")).toContain("lines were still on their way, by what the shipper");
  });

  it("are lost where Promtail has given them up", async () => {
    const stack = await stackOf("files-to-loki", {
      [config]: (text) => `${text}quietSeconds: 3\n`,
      "promtail.yaml": retrying("min_period: 100ms, max_period: 200ms, max_retries: 2"),
    });
    // Long enough for several batches: Promtail may be in the middle of a try for as long as two of them.
    const { document } = await stack.run("sink-outage/below-horizon", "--lines", "600", "--rate", "60");
    expect(document).toMatchObject({ verdict: "broken" });
    expect(document!.counts.lost).toBeGreaterThan(50);
  });
});
