import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLedger } from "../src/load/ledger.ts";
import { codecFor } from "../src/load/line.ts";
import { expectAllDelivered, expectEndingInSevenLost } from "./support/all-delivered.ts";
import { needImages } from "./support/need-images.ts";
import { useOwnStacks } from "./support/own-stack.ts";

await needImages("kafka:4.3.0", "push-gateway", "loki-kafka-consumer");

const stackOf = useOwnStacks(afterAll);
const lines = ["--lines", "300", "--rate", "40"];

describe("a stack whose Loki has several tenants", () => {
  it("holds for the lines of one of them, and nothing of the other is read", async () => {
    const stack = await stackOf("two-tenants");
    const { exitCode, stderr, document, report } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", counts: { unexpected: 0 } });
    expectAllDelivered(document!.counts, 300);
    expect(await readFile(join(report, "observed-after-flush.jsonl"), "utf8")).not.toContain("billing team");
  });

  it("is broken by exactly the lines of this tenant that a stage drops", async () => {
    const stack = await stackOf("two-tenants", {
      "promtail.yaml": (text) =>
        text.replace(
          "      - tenant: { value: shop }\n",
          `$&      - drop: { expression: "Test log [0-9]*7 " }\n`,
        ),
    });
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(1);
    expectEndingInSevenLost(document!);
  });

  it("is refused before anything starts where another tenant is named, or none", async () => {
    const nameless = await stackOf("two-tenants", {
      "everyline.config.yaml": (text) => text.replace(", tenant: shop", ""),
    });
    const other = await stackOf("two-tenants", {
      "everyline.config.yaml": (text) => text.replace("tenant: shop", "tenant: billing"),
      "promtail.yaml": (text) => text.replace(/ {2}- job_name: billing[\s\S]*$/, ""),
    });
    for (const [stack, why] of [
      [nameless, "loki keeps tenants apart"],
      [other, "loki.tenant is billing, but the shipper sends its lines for shop"],
    ] as const) {
      const { exitCode, stderr } = await stack.run("sink-restart");
      expect(exitCode, stderr).toBe(64);
      expect(stderr.replaceAll("\n", " ")).toContain(why);
      expect(await stack.runs()).toEqual([]);
    }
  });
});

describe("a stack with a Kafka between shipper and Loki", () => {
  it("holds over a restart of its Loki", async () => {
    const stack = await stackOf("kafka-between");
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds" });
    expectAllDelivered(document!.counts, 300);
  });

  it("is broken by exactly the lines that its Loki refuses, and tells that Kafka had them", async () => {
    const longest = 220;
    const stack = await stackOf("kafka-between", {
      "loki.yaml": (text) => `${text}limits_config: { max_line_size: ${longest} }\n`,
    });
    // The sentinels of this seed are shorter than that.
    const { exitCode, stderr, document, report } = await stack.run(
      "sink-restart",
      ...lines,
      "--seed",
      "people-1",
    );
    expect(exitCode, stderr).toBe(1);
    const ledger = await readLedger(join(report, "ledger.json"));
    const codec = codecFor(ledger);
    const refused = ledger.sources.flatMap(({ source, written }) =>
      Array.from({ length: written }, (_, index) => [source, index + 1] as const)
        .filter(([, sequence]) => Buffer.byteLength(codec.encode(source, sequence)) > longest)
        .map(([, sequence]) => `${source}/${sequence}`),
    );
    const lost = document!.lost.flatMap(({ source, from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${source}/${from + index}`),
    );
    expect(refused.length).toBeGreaterThan(10);
    expect(new Set(lost)).toEqual(new Set(refused));
    expect(document!.counts).toMatchObject({ lost: refused.length, corrupted: 0, unexpected: 0 });
    for (const { hop, reason } of document!.lost)
      expect({ hop, reason }).toEqual({ hop: "consumer", reason: expect.stringMatching(/^dead-lettered: /) });
  });
});
