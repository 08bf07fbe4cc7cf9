import { expect, it } from "vitest";
import { streamsOf } from "./loki-streams.ts";

it("counts the shards of a stream as one stream", () => {
  const labels = { job: "logs", filename: "/logs/a.log" };
  const shards = ["0", "1"].map((shard) => ({ ...labels, __stream_shard__: shard }));
  expect(streamsOf([labels, ...shards])).toEqual([
    { labels, selector: '{filename="/logs/a.log", job="logs"}' },
  ]);
});

it("keeps a stream apart from one that has its labels and more", () => {
  expect(
    streamsOf([{ job: "logs" }, { job: "logs", level: 'a "b"\\' }]).map(({ selector }) => selector),
  ).toEqual(['{job="logs", level=""}', '{job="logs", level="a \\"b\\"\\\\"}']);
});
