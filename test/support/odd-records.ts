import fc from "fast-check";
import type { IHeaders } from "kafkajs";
import { bytes, damaged, damages, samples } from "./damaged-bytes.ts";
import { nextNs } from "./good-lines.ts";

const nsPerMs = 1_000_000n;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A record for the topic, what should become of it, and where it came to lie. */
export interface Sent {
  what: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
  timestampMs: number;
  /** A reason among the dead letters, or Loki; undefined where either will do. */
  fate: { reason: RegExp } | "loki" | undefined;
  partition: number;
  offset: string;
}

const goodKey = '{job="services-consumer", source="app-1"}';
/** What every object inherits: as names of headers they are what a careless reader trips over. */
const inheritedNames = ["__proto__", "constructor", "toString", "hasOwnProperty"];

/** A record that nothing is wrong with but what is changed of it. */
export function record(what: string, change: Partial<Sent>, fate?: Sent["fate"]): Sent {
  const headers = { "timestamp-ns": `${nextNs()}` };
  const plain = { key: Buffer.from(goodKey), value: Buffer.from(what), headers, timestampMs: Date.now() };
  return { what, ...plain, fate, partition: -1, offset: "", ...change };
}

const timed = (timestampNs: string, more: IHeaders = {}) => ({
  headers: { "timestamp-ns": timestampNs, ...more },
});
const keyed = (key: string | Buffer) => ({ key: Buffer.from(key as string) });
const keyOf = (labels: [string, string][]) =>
  keyed(`{${labels.map(([name, value]) => `${name}="${value}"`).join(", ")}}`);
const nsAt = (ms: number) => `${BigInt(ms) * nsPerMs}`;
const refusedFor = (reason: string) => ({ reason: new RegExp(`^(?:${reason})$`) });

/** Records that must not be delivered. */
export function badRecords(): Sent[] {
  const bad = (what: string, reason: string, change: Partial<Sent>) =>
    record(what, change, refusedFor(reason));
  return [
    bad("no key", "missing_key", { key: null }),
    bad("no value", "tombstone", { value: null }),
    bad("neither", "tombstone|missing_key", { key: null, value: null, headers: {} }),
    bad("an empty key", "invalid_labels", keyed("")),
    bad("a key that is no UTF-8", "invalid_labels", keyed(Buffer.from([0x7b, 0xff, 0x7d]))),
    bad("a key that is no label string", "invalid_labels", keyed("app-1")),
    bad("a key with too many labels", "max_label_names_per_series", keyOf(labelPairs(30))),
    bad("a key with 10,000 labels", "max_label_names_per_series", keyOf(labelPairs(10_000))),
    bad("a long label value", "label_value_too_long", keyOf([["job", "v".repeat(10_000)]])),
    bad("a long label name", "label_name_too_long", keyOf([["j".repeat(5_000), "v"]])),
    bad(
      "a label twice",
      "duplicate_label_names|invalid_labels",
      keyOf([
        ["job", "v"],
        ["job", "w"],
      ]),
    ),
    bad("300 kB", "line_too_long", { value: Buffer.alloc(300_000, "x") }),
    bad("800 kB", "line_too_long", { value: Buffer.from(samples(bytes(800_000, 800_000), 1)[0]!) }),
    bad("8 days old", "greater_than_max_sample_age", timed(nsAt(Date.now() - 8 * dayMs))),
    bad("an hour ahead", "too_far_in_future", timed(nsAt(Date.now() + hourMs))),
    ...["soon", "-1", "1e18", "", " 1", "9".repeat(19), "9".repeat(40)].map((timestamp) =>
      bad(`timestamp-ns ${JSON.stringify(timestamp)}`, "invalid_timestamp", timed(timestamp)),
    ),
    ...["no JSON", "[1]", '{"a":1}', "null", ""].map((metadata) =>
      bad(
        `structured-metadata ${JSON.stringify(metadata)}`,
        "invalid_structured_metadata",
        timed(`${nextNs()}`, { "structured-metadata": metadata }),
      ),
    ),
    bad("a tenant that Loki takes for a path", "invalid_tenant", timed(`${nextNs()}`, { tenant: "../x" })),
    bad("headers that a dead letter gets", "invalid_labels", {
      ...keyed("x"),
      ...timed(`${nextNs()}`, { reason: "mine", "origin-offset": "7", "origin-partition": "99" }),
    }),
    ...inheritedNames.map((name) =>
      bad(`a bad record with the header ${name}`, "invalid_labels", {
        ...keyed("x"),
        ...timed(`${nextNs()}`, { [name]: "hostile" }),
      }),
    ),
  ];
}

function labelPairs(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`label_${index}`, "v"]);
}

const manyHeaders = Array.from({ length: 1_000 }, (_, index) => [`header-${index}`, "v"]);

/** Records that must be delivered, though they look odd. */
export function oddRecords(): Sent[] {
  const good = (what: string, change: Partial<Sent>) => record(what, change, "loki");
  return [
    good("no UTF-8", { value: Buffer.from([0x6e, 0xff, 0xfe, 0xc3, 0x28, 0x80, 0x6f]) }),
    good("quotes", { value: Buffer.from('"{\\"a\\":1}\\n" \\x00 `\t\0 日本\u2028 end') }),
    good("200 kB", { value: Buffer.from("y".repeat(200_000)) }),
    good("the record's own time", { headers: {} }),
    good("1,000 headers", timed(`${nextNs()}`, Object.fromEntries(manyHeaders))),
    ...inheritedNames.map((name) =>
      good(`a good record with the header ${name}`, timed(`${nextNs()}`, { [name]: "harmless" })),
    ),
  ];
}

/** Records of random bytes, and some that are nearly right: what becomes of those is Loki's decision. */
export function randomRecords(): Sent[] {
  const nearKey = damages(1_000, 8, 3).map((damage) =>
    damaged(Buffer.from('{job="services-random", source="app-1"}'), damage),
  );
  const header = fc.record({
    name: fc.constantFrom("timestamp-ns", "structured-metadata", "tenant", "reason", "x", ""),
    value: fc.oneof(
      bytes(0, 40),
      fc.constantFrom(...['{"a":"b"}', "7", nsAt(Date.now())].map((text) => Buffer.from(text))),
    ),
  });
  const drawn = fc.record({
    key: fc.oneof(fc.constant(null), bytes(0, 60), nearKey, nearKey),
    value: fc.option(bytes(0, 200), { freq: 9 }),
    headers: fc.array(header, { maxLength: 3 }),
  });
  return samples(drawn, 300).map(({ key, value, headers }, index) =>
    record(`random ${index}`, {
      key,
      value: value && Buffer.concat([Buffer.from(`random ${index} `), value]),
      headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    }),
  );
}
