import { pack } from "tar-stream";
import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { runWith } from "./support/interfered-run.ts";
import { useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const reportsFolder = await useReportsFolder(afterAll);
const pipeline = await loadPipeline("direct-hardened");

it("a full disk proves nothing once somebody has made room", async () => {
  const run = await runWith(
    reportsFolder,
    "direct-hardened/disk-full/sink",
    [{ kind: "fill-disk", target: "sink", at: 0.2, until: 0.7 }],
    [
      {
        at: "fault-in-force",
        act: async (stack) => {
          const empty = pack();
          empty.entry({ name: ".everyline-fills-this-disk" }, "");
          empty.finalize();
          await (await stack.container("loki")).putArchive(empty, { path: "/tmp/loki" });
        },
      },
    ],
    {
      pipeline: await loadPipeline("direct-hardened", "small-disks"),
      load: { lines: 600, linesPerSecond: 60 },
    },
  );
  expectAllDelivered(run.counts, 600);
  expect(run.verdict).toBe("unknown");
  expect(reasonsOf(run)[0]).toMatch(
    /^The fault fill-disk sink did not take effect: it ended before it was to heal: loki: \/tmp\/loki, a volume of 34 MB, has room for 16 kB/,
  );
});

it("a replay that had memory enough proves nothing of its ceiling", async () => {
  const run = await runWith(
    reportsFolder,
    "direct-hardened/recovery/replay-ceiling",
    [
      { kind: "kill", target: "sink", at: 0.4, until: 0.5 },
      { kind: "await-wal", target: "sink", event: "flushed-by-replay", at: 0.5, before: 0.9 },
    ],
    [],
    { pipeline, load: { lines: 600, linesPerSecond: 60 } },
  );
  expectAllDelivered(run.counts, 600);
  expect(run.verdict).toBe("unknown");
  expect(reasonsOf(run)[0]).toMatch(
    /^The fault await-wal sink did not take effect: flushed-by-replay: loki counts 0 loki_ingester_chunks_flushed_total/,
  );
});

describe("faults on what parts have saved", () => {
  it("prove nothing: a log of one segment, and positions with which somebody starts the shipper once more", async () => {
    const run = await runWith(
      reportsFolder,
      "direct-hardened/sink-restart",
      [
        { kind: "empty-wal", target: "sink", at: 0.1, until: 0.2 },
        { kind: "damage-positions", target: "shipper", at: 0.4, until: 0.9 },
      ],
      [
        {
          at: "fault-in-force",
          of: "damage-positions shipper",
          act: async (stack) => (await stack.container("promtail")).restart(),
        },
      ],
      { pipeline, load: { lines: 600, linesPerSecond: 30, sources: 2 } },
    );
    expectAllDelivered(run.counts, 600);
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run)).toEqual([
      expect.stringMatching(
        /^The fault empty-wal sink did not take effect: .*loki: only its newest segment has lines/,
      ),
      expect.stringMatching(
        /^The fault damage-positions shipper did not take effect: it ended before it was to heal: promtail: 2 of 2 positions in \/tmp\/positions\.yaml are unreadable; but it does not run as it was started/,
      ),
      expect.stringMatching(/^Loki says that it recovered \d+ entries from its write-ahead log/),
    ]);
  });
});
