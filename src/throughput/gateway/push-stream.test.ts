import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { PushStream, type StreamPlan } from "./push-stream.ts";

const mostLines = 10;
/** The body of a push is the range of its lines, so that the server can tell them. */
const batches = { mostLines, make: (first: number, last: number) => Buffer.from(`${first}-${last}`) };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that answers pushes with the given statuses, then with 204, and keeps what it was sent and how many at the same time. */
async function answering(statuses: number[], delayMs = 0) {
  const seen: string[] = [];
  const atOnce = { now: 0, most: 0 };
  server = createServer(async (request, response) => {
    atOnce.most = Math.max(atOnce.most, ++atOnce.now);
    seen.push(await text(request));
    setTimeout(() => {
      atOnce.now--;
      response.writeHead(statuses.shift() ?? 204).end();
    }, delayMs);
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return { seen, atOnce, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function pushed(url: string, differs: Partial<StreamPlan> = {}) {
  const lastMs = Date.now() + 20_000;
  const { signal } = new AbortController();
  const plan = { url, lines: 35, linesPerSecond: 1_000, lastPushMs: () => lastMs, signal, ...differs };
  const stream = new PushStream(plan, batches);
  try {
    await stream.run(Date.now());
    return stream.result;
  } finally {
    await stream.close();
  }
}

describe("a stream of pushes", () => {
  it("sends every line once, in order, one push at a time, and knows when the last was acknowledged", async () => {
    const { url, seen, atOnce } = await answering([]);
    const startedAtMs = Date.now();
    const result = await pushed(url);
    const ranges = seen.map((range) => range.split("-").map(Number));
    expect(ranges[0]![0]).toBe(1);
    expect(ranges.at(-1)![1]).toBe(35);
    for (const [index, [first, last]] of ranges.entries()) {
      if (index > 0) expect(first).toBe(ranges[index - 1]![1]! + 1);
      expect(last! - first! + 1).toBeLessThanOrEqual(mostLines);
    }
    expect(atOnce.most).toBe(1);
    expect(result).toMatchObject({ pushed: 35, acknowledged: 35, inTime: 35, refused: {} });
    // The last line is due after 34 ms.
    expect(result.lastAcknowledgedMs).toBeGreaterThanOrEqual(startedAtMs + 34);
  });

  it("sends again what was refused for now, and drops what was refused for good", async () => {
    const { url, seen } = await answering([429, 503, 204, 400]);
    const result = await pushed(url, { lines: 20, linesPerSecond: 100_000 });
    expect(seen).toEqual(["1-10", "1-10", "1-10", "11-20"]);
    expect(result).toMatchObject({
      ...{ pushed: 20, acknowledged: 10, inTime: 10 },
      refused: { "status 429": 10, "status 503": 10, "status 400": 10 },
    });
  });

  it("pushes nothing any more when the lag has passed, and counts a later acknowledgement as late", async () => {
    const { url, seen } = await answering([], 1_000);
    const lastMs = Date.now() + 1_500;
    const result = await pushed(url, { linesPerSecond: 1_000_000, lastPushMs: () => lastMs });
    expect(seen).toEqual(["1-10", "11-20"]);
    expect(result).toMatchObject({ pushed: 20, acknowledged: 20, inTime: 10 });
  });

  it("gives up at once when it is told to", async () => {
    const { url } = await answering(Array.from({ length: 100 }, () => 503));
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const result = await pushed(url, { signal: stop.signal });
    expect(result).toMatchObject({ pushed: 10, acknowledged: 0 });
  });

  it("says what was refused if the first line is not acknowledged", async () => {
    const { url } = await answering([400]);
    const { signal } = new AbortController();
    const stream = new PushStream(
      { url, lines: 1, linesPerSecond: 1, lastPushMs: () => Number.POSITIVE_INFINITY, signal },
      batches,
    );
    await expect(stream.prove()).rejects.toThrow("the first line was not acknowledged: status 400");
    await stream.close();
  });
});
