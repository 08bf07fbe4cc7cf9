import fc from "fast-check";
import { expect, it } from "vitest";
import { linesOf } from "../../../test/support/services-push.ts";
import { codecFor } from "../../load/line.ts";
import { nominalTime } from "../../load/line-clock.ts";
import { LineEncoder } from "../../load/line-encoder.ts";
import { LineBatches } from "./line-batches.ts";

const labels = `{filename="/logs/service-1.log", job="logs"}`;
const seed = "0123abcd";
const source = "trial-1-app-1";

it("makes pushes of the lines that a generator writes, with their times", () => {
  const batches = fc.record({
    first: fc.integer({ min: 0, max: 200_000 }),
    more: fc.oneof(fc.nat(50), fc.constant(2_500)),
    linesPerSecond: fc.double({ min: 0.5, max: 500_000, noNaN: true }),
  });
  fc.assert(
    fc.property(batches, ({ first, more, linesPerSecond }) => {
      const clock = { epochMs: 1_767_225_600_123, linesPerSecond };
      const [encoder] = LineEncoder.ofSources({ seed, clock }, [source]);
      const made = new LineBatches(encoder!, clock, labels);
      const codec = codecFor({ seed, clock });
      const expected = Array.from({ length: more + 1 }, (_, index) => {
        const { seconds, nanoseconds } = nominalTime(clock, first + index);
        const timestampNs = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        return { labels, timestampNs, line: Buffer.from(codec.encode(source, first + index)) };
      });
      // The memory is used again, so the second push shows what the first has left.
      for (const push of [made.make(first, first + more), made.make(first, first + more)])
        expect(linesOf(push, "protobuf")).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

it("refuses more lines than a push of Promtail has", () => {
  const clock = { epochMs: 1_767_225_600_123, linesPerSecond: 1_000 };
  const [encoder] = LineEncoder.ofSources({ seed, clock }, [source]);
  const made = new LineBatches(encoder!, clock, labels);
  expect(made.make(1, made.mostLines).length).toBeGreaterThan(100_000);
  expect(() => made.make(1, made.mostLines + 1)).toThrow(RangeError);
});
