import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LokiClient, streamsOf } from "./loki-client.ts";

it("takes the shards of a stream for one stream", () => {
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

describe("a question", () => {
  /** The queries and selectors that were asked, in their order. */
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://loki");
    asked.push(searchParams.get("query") ?? searchParams.get("match[]")!);
    const kinds: Record<string, unknown> = {
      "/loki/api/v1/series": [],
      "/loki/api/v1/query_range": { resultType: "streams", result: [] },
      "/loki/api/v1/query": { resultType: "vector", result: [] },
    };
    response.end(JSON.stringify({ status: "success", data: kinds[pathname] }));
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void server.close());

  const clientOf = () =>
    new LokiClient({
      baseUrl: async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      signal: () => new AbortController().signal,
      timeoutMs: 5_000,
      retries: 0,
    });
  const range = { startNs: 0n, endNs: 2_000_000n };
  const own = /everyline!="([^"]+)", /;

  it("is what was meant but for a matcher of its own, which is true of every stream without such a label", async () => {
    asked.length = 0;
    const client = clientOf();
    const [stream] = streamsOf([{ job: "logs", level: "a{b}" }]);
    await client.streams('{job="logs"}', range);
    await client.entries(stream!, range, 5);
    await client.count('{job="logs"} |= "{x}"', range);
    await client.countEqual('{job="logs"}', range, ['{"id":"a.b"}']);
    for (const query of asked) expect(query).toMatch(/\{everyline!="[0-9a-z-]+", [a-z]/);
    expect(asked.map((query) => query.replace(own, ""))).toEqual([
      '{job="logs"}',
      '{job="logs", level="a{b}"}',
      'sum(count_over_time({job="logs"} |= "{x}"[2ms]))',
      `sum(count_over_time({job="logs"} |~ ${JSON.stringify('^(?:\\{"id":"a\\.b"\\})$')}[2ms]))`,
    ]);
  });

  it("is another text each time it is asked, also by another client", async () => {
    asked.length = 0;
    for (const client of [clientOf(), clientOf()]) {
      for (let time = 0; time < 3; time++) {
        await client.streams('{job="logs"}', range);
        await client.count('{job="logs"}', range);
      }
    }
    expect(new Set(asked.map((query) => own.exec(query)![1])).size).toBe(12);
  });
});
