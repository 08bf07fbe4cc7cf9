import { type PushedLine, protobufPush, snappy } from "./services-push.ts";

const nsPerMs = 1_000_000n;

let lastNs = BigInt(Date.now()) * nsPerMs;

/** A time that no other line of the test file has. */
export const nextNs = () => ++lastNs;

let goodPushes = 0;

/** Lines of a few streams, with everything in them that a line may have. */
export function goodLines(): PushedLine[] {
  const id = goodPushes++;
  return Array.from({ length: 6 }, (_, index) => ({
    labels: `{job="services", source="app-${(id + index) % 12}"}`,
    timestampNs: nextNs(),
    line: Buffer.from(`good ${id}/${index} "quoted" \\ ünïcödé 日本 \t\0\r\n end`),
  }));
}

/** A push that nothing is wrong with. */
export const wholePush = () => snappy(protobufPush(goodLines()));

/** What is to be refused: a good stream first, of which nothing may be produced, and then something else. */
export function afterGood(rest: Buffer): Buffer {
  return snappy(Buffer.concat([protobufPush(goodLines()), rest]));
}
