import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { changed, runWith } from "./support/interfered-run.ts";
import { needImages } from "./support/need-images.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const reportsFolder = await useReportsFolder(afterAll);
const single = await loadPipeline("kafka-hardened", "single");
await needImages(single);

describe("faults on a pipeline with Kafka", () => {
  it("prove nothing: no wait for a new leader, a second consumer that leaves early or at once, a site that returns at once", async () => {
    const twin = "loki-kafka-consumer-twin";
    const pipeline = await changed(
      reportsFolder,
      single,
      single.compose,
      (text) => text.replace("service: push-gateway }", "service: push-gateway }, restart: always"),
      { targets: { ...single.targets, "site-a": ["push-gateway"] } },
    );
    const run = await runWith(
      reportsFolder,
      "kafka-hardened/rebalance",
      [
        { kind: "kill", target: "kafka-leader", at: 0, until: 0.05 },
        { kind: "join", target: "consumer", at: 0.15, until: 0.55 },
        { kind: "join", target: "consumer", at: 0.65, until: 0.75 },
        { kind: "kill", target: "site-a", at: 0.85, until: 0.95 },
      ],
      [
        {
          at: "fault-in-force",
          of: "join consumer",
          nth: 0,
          act: async (stack) => (await stack.container(twin)).stop(),
        },
        { at: "fault-injecting", of: "join consumer", nth: 1, act: (stack) => stack.killAtOnce(twin) },
      ],
      { pipeline, load: { lines: 800, linesPerSecond: 20, sources: 12 } },
    );
    expectAllDelivered(run.counts, 800);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault kill kafka-leader did not take effect: .*but no push waited for it in the gateway/,
      ),
      expect.stringMatching(
        /^The fault join consumer did not take effect: it ended before it was to heal: the second loki-kafka-consumer ended with exit code 0/,
      ),
      expect.stringMatching(
        /^The fault join consumer did not take effect: the second loki-kafka-consumer ended with exit code 137; the group has [01] members with partitions/,
      ),
      expect.stringMatching(
        /^The fault kill site-a did not take effect: push-gateway: pid \d+ ended, but something started the container again after \d\.\d\d s/,
      ),
    ]);
  });

  it("prove nothing: a group that is to be deleted while the consumer works", async () => {
    const run = await runWith(
      reportsFolder,
      "kafka-hardened/rebalance",
      [{ kind: "delete-group", target: "consumer", at: 0.2 }],
      [],
      { pipeline: single, load: { lines: 400, linesPerSecond: 20, sources: 12 } },
    );
    expectAllDelivered(run.counts, 400);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      "The fault delete-group consumer did not take effect: the group loki-consumer-group still had 1 members, so it cannot be deleted; stop the consumer before.",
    ]);
  });
});
