import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteBudget } from "../../fixtures/services/push-gateway/src/byte-budget.ts";
import { decodePush, pushFormOf } from "../../fixtures/services/push-gateway/src/decode-push.ts";
import { linesOf } from "../../test/support/services-push.ts";
import { PushRequest, pushHeaders } from "./push-request.ts";

const mostLines = 20;
const mostBytes = 4_000;
const lines = fc.array(
  fc.record({
    text: fc.uint8Array({ maxLength: mostBytes / mostLines }).map((bytes) => Buffer.from(bytes)),
    seconds: fc.oneof(fc.integer({ min: 0, max: 9_000_000_000 }), fc.constantFrom(127, 128, 2 ** 28)),
    nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
  }),
  { minLength: 1, maxLength: mostLines },
);

/** What the gateway reads in a push. */
async function decoded(push: Buffer) {
  const form = pushFormOf(pushHeaders["content-type"], pushHeaders["content-encoding"]);
  const reservation = new ByteBudget(2 ** 26).open();
  const bounds = { maxDecodedBytes: 2 ** 25, maxLineBytes: 900_000, nowMs: 9_000_000_000_000 };
  return decodePush(Buffer.from(push), form, { ...bounds, reservation });
}

it("makes pushes that the gateway and another decoder read as what was added, one after the other", async () => {
  const labels = fc
    .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 200 })
    .map((text) => `{job="${text.replaceAll(/[^A-Za-z0-9_ ]/g, "x")}"}`);
  await fc.assert(
    fc.asyncProperty(labels, fc.array(lines, { minLength: 1, maxLength: 3 }), async (label, pushes) => {
      const request = new PushRequest(label, mostLines, mostBytes);
      for (const push of pushes) {
        for (const { text, ...at } of push) {
          const amidst = Buffer.concat([Buffer.from("before"), text, Buffer.from("after")]);
          request.add(amidst, "before".length, "before".length + text.length, at);
        }
        const body = request.take();
        const expected = push.map(({ text, ...at }) => ({
          timestampNs: BigInt(at.seconds) * 1_000_000_000n + BigInt(at.nanoseconds),
          line: text,
        }));
        const [stream, ...others] = await decoded(body);
        expect(others).toEqual([]);
        expect(stream!.labels).toBe(label);
        expect(
          stream!.lines.map(({ line, timestampNs }) => ({ timestampNs: BigInt(timestampNs), line })),
        ).toEqual(expected);
        expect(linesOf(body, "protobuf")).toEqual(expected.map((line) => ({ labels: label, ...line })));
      }
    }),
    { numRuns: 300 },
  );
});

it("refuses a line for which there is no room", () => {
  const request = new PushRequest("{}", 1, 10);
  const at = { seconds: 1, nanoseconds: 1 };
  request.add(Buffer.alloc(10), 0, 10, at);
  expect(() => request.add(Buffer.alloc(40), 0, 40, at)).toThrow(RangeError);
});
