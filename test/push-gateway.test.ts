import { Agent } from "node:http";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseMetrics, sumOf } from "../src/base/metrics.ts";
import { bytes, damaged, damages, samples, seed } from "./support/damaged-bytes.ts";
import { GatewayClient } from "./support/gateway-client.ts";
import { goodLines, wholePush } from "./support/good-lines.ts";
import { gzipHeaders, refusedPushes } from "./support/refused-pushes.ts";
import {
  jsonHeaders,
  jsonPush,
  linesOf,
  type PushForm,
  protobufHeaders,
  protobufPush,
  snappy,
} from "./support/services-push.ts";
import {
  headerOf,
  identityOf,
  MemoryWatch,
  memoryOf,
  readRaw,
  until,
  urlOf,
} from "./support/services-stack.ts";
import { slowClient } from "./support/slow-client.ts";
import { gateway, type StartedServices, startServices } from "./support/started-services.ts";

const mebibyte = 1_024 * 1_024;

/** Its container may have 384 MiB. */
const mostPeakBytes = 288 * mebibyte;
const mostRestBytes = 224 * mebibyte;

describe("the push gateway", () => {
  let services: StartedServices;
  let client: GatewayClient;
  let before: Awaited<ReturnType<typeof identityOf>>;
  let memory: MemoryWatch;

  beforeAll(async () => {
    services = await startServices();
    const { stack } = services;
    client = new GatewayClient(`${await urlOf(stack, gateway)}/loki/api/v1/push`);
    before = await identityOf(stack, gateway);
    memory = new MemoryWatch(stack, gateway);
    for (let count = 0; count < 12; count++) expect((await client.pushGood()).status).toBe(204);
  });

  afterAll(async () => {
    await memory?.stop();
    await services?.remove();
  });

  async function queuedBytes(): Promise<number> {
    const response = await fetch(`${await urlOf(services.stack, gateway)}/metrics`);
    return sumOf(parseMetrics(await response.text()), "push_gateway_queued_bytes");
  }

  describe("refuses, and says why,", () => {
    it.each(refusedPushes)("$name", async ({ headers, body, status, reason }) => {
      const answer = await client.push(headers, Buffer.from(body() as string));
      expect({ status: answer.status, text: answer.text }).toEqual({
        status,
        text: expect.stringMatching(reason),
      });
    });

    it("snappy that was cut off anywhere", async () => {
      const whole = wholePush();
      for (const cut of samples(fc.integer({ min: 1, max: whole.length - 1 }), 60)) {
        const { status, text } = await client.push(protobufHeaders, whole.subarray(0, cut));
        expect({ cut, status, text }).toEqual({ cut, status: 400, text: expect.stringMatching(/snappy/) });
      }
    });

    it("random bytes, in every form, unless they happen to be a push without lines", async () => {
      for (const body of samples(bytes(16, 4_000), 60)) {
        for (const [headers, sent, isPush] of [
          [protobufHeaders, body, false],
          // Fields that nobody knows are skipped, as protobuf wants it.
          [protobufHeaders, snappy(body), true],
          [jsonHeaders, body, false],
          [gzipHeaders, body, false],
          [gzipHeaders, gzipSync(body), false],
        ] as const) {
          const { status, text } = await client.push(headers, sent);
          const what = `${status} ${text} of ${body.toString("hex")}`;
          if (status === 204 && isPush) expect(linesOf(sent, "protobuf"), what).toEqual([]);
          else expect([400, 413], what).toContain(status);
        }
      }
    });

    it("bodies of 100 MB, announced or in chunks, several at once, also where the client sends on", async () => {
      const chunk = Buffer.alloc(100_000, "x");
      const body = () => Readable.from(Array.from({ length: 1_000 }, () => chunk));
      const announced = { ...jsonHeaders, "content-length": "100000000" };
      const sendingOn = new Agent({ keepAlive: true });
      try {
        const clients = [announced, jsonHeaders, protobufHeaders].flatMap((headers) => [
          client.push(headers, body()),
          client.push(headers, body(), undefined, sendingOn),
        ]);
        const [good, ...answers] = await Promise.all([client.pushGood(), ...clients]);
        expect(good.status).toBe(204);
        // What comes in chunks is counted as it comes, and may find that others have filled the queue.
        for (const { status, text } of answers) expect([413, 429], text).toContain(status);
        expect(answers[0]!.status).toBe(413);
      } finally {
        sendingOn.destroy();
      }
    });
  });

  it("answers others while clients hang, and cuts off those that hang", async () => {
    const head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: gateway\r\n";
    const neverEndingHeaders = Array.from({ length: 20 }, () => slowClient(client.url, head, "x: y\r\n"));
    const slowBodies = Array.from({ length: 20 }, () =>
      slowClient(client.url, `${head}Content-Type: application/json\r\nContent-Length: 8000000\r\n\r\n`, "["),
    );
    const clients = [...neverEndingHeaders, ...slowBodies];
    try {
      await Promise.all(clients.map(({ isConnected }) => isConnected));
      for (let count = 0; count < 20; count++) expect((await client.pushGood()).status).toBe(204);
      expect(
        clients.filter(({ hasEnded }) => hasEnded()).length,
        "cut off before the others were answered",
      ).toBe(0);
      const queued = await queuedBytes();
      expect(queued, "bytes that the queue counts for the slow").toBeLessThan(mebibyte);
      await until("every slow client is cut off", () => clients.every(({ hasEnded }) => hasEnded()), 45_000);
      expect(new Set(clients.map(({ answer }) => answer().split("\r\n")[0]))).toEqual(
        new Set(["HTTP/1.1 408 Request Timeout"]),
      );
    } finally {
      for (const { socket } of clients) socket.destroy();
    }
  });

  it("answers every damaged push with 204 or with what is wrong", async () => {
    const damage = fc.array(damages(1_000_000, 40, 8), { minLength: 1, maxLength: 4 });
    const form = fc.constantFrom("protobuf", "compressed protobuf", "json");
    await fc.assert(
      fc.asyncProperty(form, damage, async (form, done) => {
        const lines = goodLines();
        const hurt = (body: Buffer) => done.reduce(damaged, body);
        const [headers, body, read]: [Record<string, string>, Buffer, PushForm] =
          form === "json"
            ? [jsonHeaders, hurt(jsonPush(lines)), "json"]
            : form === "protobuf"
              ? [protobufHeaders, snappy(hurt(protobufPush(lines))), "protobuf"]
              : [protobufHeaders, hurt(snappy(protobufPush(lines))), "protobuf"];
        await client.push(headers, body, () => linesOf(body, read));
      }),
      { seed, numRuns: 400 },
    );
  });

  it("has produced every line it acknowledged, byte for byte, and none it refused", async () => {
    expect((await client.pushGood()).status).toBe(204);
    const { kafka, runId, pipeline } = services;
    const { acknowledged, uncertain } = client;
    const { topic } = pipeline.kafka!;
    const held = Map.groupBy(await readRaw(kafka, topic, `${runId}-gateway`), (record) =>
      identity(BigInt(headerOf(record, "timestamp-ns")!), record.value!),
    );
    const sure = Map.groupBy(acknowledged, ({ timestampNs, line }) => identity(timestampNs, line));
    const possible = Map.groupBy(uncertain, ({ timestampNs, line }) => identity(timestampNs, line));
    const missing = [...sure].filter(([id, lines]) => (held.get(id)?.length ?? 0) < lines.length);
    const surplus = [...held].filter(
      ([id, records]) => records.length > (sure.get(id)?.length ?? 0) + (possible.get(id)?.length ?? 0),
    );
    const otherKey = acknowledged.filter(
      ({ labels, timestampNs, line }) =>
        labels !== undefined &&
        !held.get(identity(timestampNs, line))?.some(({ key }) => `${key}` === labels),
    );
    expect(missing.map(([id]) => id).slice(0, 5), "acknowledged, but not in Kafka").toEqual([]);
    expect(surplus.map(([id]) => id).slice(0, 5), "in Kafka, but not acknowledged").toEqual([]);
    expect(otherKey.slice(0, 5), "in Kafka with another key").toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(300);
  });

  it("lets nothing through that keeps the consumer behind it from the end of the topic", async () => {
    await until("the group has no lag", async () => (await services.lag()) === 0);
  });

  it("is still the same process, and has not grown", async () => {
    const { stack } = services;
    await memory.stop();
    expect(await identityOf(stack, gateway)).toEqual(before);
    expect(memory.peakBytes).toBeLessThan(mostPeakBytes);
    const restBytes = await memoryOf(stack, gateway);
    console.info("gateway", {
      statuses: client.statuses,
      peakMiB: memory.peakBytes / mebibyte,
      restMiB: restBytes / mebibyte,
    });
    expect(restBytes).toBeLessThan(mostRestBytes);
    expect(await queuedBytes()).toBe(0);
  });
});

function identity(timestampNs: bigint, line: Buffer): string {
  return `${timestampNs} ${line.toString("latin1")}`;
}
