import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protobufMessage } from "../../../test/support/protobuf-message.ts";
import { streamsInJson } from "./loki-answer-schemas.ts";
import { streamsInProtobuf } from "./protobuf-answer.ts";

const text = fc.string({ unit: "grapheme" }).map((text) => text.toWellFormed());
const label = fc.string({ unit: fc.constantFrom("a", "é", '"', "\\", "\n", "\t", ",", "=", " ", "{", "}") });
const streamArbitrary = fc.record({
  labels: fc.dictionary(fc.constantFrom("job", "source", "_a1"), label, { noNullPrototype: true }),
  entries: fc.array(
    fc.record({
      seconds: fc.nat(4_000_000_000),
      nanoseconds: fc.nat(999_999_999),
      line: text,
      metadata: fc.boolean(),
    }),
  ),
});

type Streams = (typeof streamArbitrary extends fc.Arbitrary<infer Stream> ? Stream : never)[];

function labelText(labels: Record<string, string>): string {
  const quoted = (value: string) =>
    `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(", ")}}`;
}

function inProtobuf(streams: Streams, more: Record<number, string> = {}): Buffer {
  const encoded = streams.map(({ labels, entries }) =>
    protobufMessage({
      1: labelText(labels),
      2: entries.map(({ seconds, nanoseconds, line, metadata }) =>
        protobufMessage({
          1: protobufMessage({ 1: seconds, 2: nanoseconds }),
          2: line,
          ...(metadata && { 3: protobufMessage({ 1: "trace", 2: "7" }) }),
        }),
      ),
      3: 12_345,
    }),
  );
  const data = protobufMessage({ 1: "streams", 2: encoded });
  return protobufMessage({ 6: protobufMessage({ 1: "success", 2: data, 7: 1, ...more }) });
}

function inJson(streams: Streams): string {
  const result = streams.map(({ labels, entries }) => ({
    stream: labels,
    values: entries.map(({ seconds, nanoseconds, line }) => [
      `${BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)}`,
      line,
    ]),
  }));
  return JSON.stringify({ status: "success", data: { resultType: "streams", result } });
}

function plain(streams: ReturnType<typeof streamsInJson>) {
  return streams.map(({ labels, entries }) => ({
    labels,
    entries: entries.map(({ timestampNs, line, stream }) => ({ timestampNs, line, stream })),
  }));
}

describe("Loki's answer in protobuf", () => {
  it("says the same as in JSON", () => {
    fc.assert(
      fc.property(fc.array(streamArbitrary, { maxLength: 4 }), (streams) => {
        const fast = streamsInProtobuf(inProtobuf(streams));
        expect(fast && plain(fast)).toEqual(plain(streamsInJson(inJson(streams), "path")));
      }),
    );
  });

  it("is not taken where it was cut off", () => {
    const whole = inProtobuf([
      { labels: { job: "a" }, entries: [{ seconds: 1, nanoseconds: 2, line: "x", metadata: true }] },
    ]);
    expect(streamsInProtobuf(whole)).toHaveLength(1);
    for (let bytes = 0; bytes < whole.length; bytes++)
      expect(streamsInProtobuf(whole.subarray(0, bytes))).toBeUndefined();
  });

  it.each([
    ["has warnings", inProtobuf([], { 10: "some ingesters did not answer" })],
    ["is an error", protobufMessage({ 6: protobufMessage({ 1: "error", 3: "timeout", 4: "too slow" }) })],
    ["is of numbers", protobufMessage({ 5: protobufMessage({ 1: "success" }) })],
    ["has labels that are not understood", inProtobuf([{ labels: { "a.b": "1" }, entries: [] }])],
    ["is nothing", Buffer.alloc(0)],
    ["is JSON", Buffer.from(inJson([]))],
  ])("is left to JSON if it %s", (_, answer) => {
    expect(streamsInProtobuf(answer)).toBeUndefined();
  });

  it("has a U+FFFD for each byte that is not UTF-8, as JSON has", () => {
    const cut = Buffer.concat([Buffer.from("a"), Buffer.from("🚀").subarray(0, 3), Buffer.from("é")]);
    const entry = protobufMessage({ 1: protobufMessage({ 1: 1 }), 2: cut });
    const data = protobufMessage({ 1: "streams", 2: protobufMessage({ 1: "{}", 2: entry }) });
    const [stream] = streamsInProtobuf(protobufMessage({ 6: protobufMessage({ 1: "success", 2: data }) }))!;
    expect(stream!.entries[0]).toMatchObject({ line: "a\uFFFD\uFFFD\uFFFDé" });
  });
});
