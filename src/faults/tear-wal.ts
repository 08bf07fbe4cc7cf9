import { basename } from "node:path";
import { z } from "zod";
import type { InstanceFile } from "../places/instance.ts";
import { fragmentHeaderBytes, recordsOf, type WalRecord } from "../products/wal-segment.ts";
import { Down, type DownEvidence, describeDown, downEvidence } from "./down.ts";
import { hasCheckpoint, lineFinder, segmentsIn } from "./ingester-log.ts";
import type { FaultKind } from "./kind.ts";
import { damagesLogs, type LogDamaging, logDamage } from "./log-damage.ts";
import { ingestersOf } from "./targets.ts";

const schema = z.strictObject({
  kind: z.literal("tear-wal"),
  target: z.enum(["sink", "ingester"]),
  /** Which record of the log is damaged, among those that contain lines. */
  record: z.enum(["middle", "last"]),
  /** How it is damaged: one byte in its middle is changed, or the file is cut in its middle. */
  by: z.enum(["flip", "cut"]),
});

type Spec = z.infer<typeof schema>;

const ownEvidence = z.discriminatedUnion("code", [
  /** The byte at offset `at` of a segment was changed. */
  z.object({
    code: z.literal("byte-flipped"),
    service: z.string(),
    segment: z.string(),
    at: z.int(),
    was: z.int(),
    is: z.int(),
  }),
  z.object({
    code: z.literal("segment-cut"),
    service: z.string(),
    segment: z.string(),
    at: z.int(),
    bytes: z.int(),
  }),
  /**
   * Record number `record` of `records` was damaged, counted from 1, and `readable` records can be read now. `linesBehind` lines are only in
   * this record or later ones, `linesBefore` lines are before it.
   */
  z.object({
    code: z.literal("lines-behind"),
    service: z.string(),
    folder: z.string(),
    record: z.int(),
    records: z.int(),
    readable: z.int(),
    linesBehind: z.int(),
    linesBefore: z.int(),
  }),
  /** Why damage would have lost no line; `chunks` is the number of chunks in the store. */
  z.object({
    code: z.literal("not-damaged"),
    service: z.string(),
    why: z.enum(["no-line", "checkpoint", "flushed"]),
    chunks: z.int(),
  }),
]);

type OwnEvidence = z.infer<typeof ownEvidence>;
type TearEvidence = OwnEvidence | DownEvidence;

export const tearWal = {
  summary:
    "SIGKILL, and a record of the write-ahead log is damaged while it is down; started again when it heals.",
  schema,
  evidence: z.union([ownEvidence, downEvidence]),
  ...damagesLogs,
  /** Damaging the last record loses the fewest lines. A file that is cut off is what a crash may leave by itself. */
  simpler({ record, by, ...rest }) {
    const fewer: Spec[] = record === "middle" ? [{ ...rest, record: "last", by }] : [];
    return by === "flip" ? [...fewer, { ...rest, record, by: "cut" }] : fewer;
  },
  expected({ target, record, by }, pipeline) {
    const damage = by === "flip" ? "a byte of it is another" : "the log ends in the middle of it";
    return (
      `${Down.expected(ingestersOf(pipeline, target), "kill")}; the ${record} record with lines stands in the newest segment and nowhere else, ` +
      `${damage}, and reading the log again stops there`
    );
  },
  create: (spec, context) => logDamage(spec, context, tearing(spec, lineFinder(context.writer))),
  clause: ({ name, times }) => `${name} was killed${times} and its write-ahead log was damaged`,
  describe(found) {
    switch (found.code) {
      case "byte-flipped":
        return `${found.service}: byte ${found.at} of segment ${found.segment} was ${hex(found.was)} and is ${hex(found.is)}`;
      case "segment-cut":
        return `${found.service}: segment ${found.segment} of ${found.bytes} bytes was cut to ${found.at}`;
      case "lines-behind":
        return describeLines(found);
      case "not-damaged":
        return `${found.service}: ${whyNot(found)}`;
      default:
        return describeDown(found);
    }
  },
} satisfies FaultKind<typeof schema, TearEvidence>;

function describeLines(found: Extract<OwnEvidence, { code: "lines-behind" }>): string {
  const { service, folder, record, records, readable, linesBehind, linesBefore } = found;
  const still = readable === record - 1 ? "" : `, but ${readable} records can be read still`;
  return (
    `${service}: the damage is in record ${record} of ${records} of ${folder}: ${linesBehind} lines stand in it or behind it alone, ` +
    `${linesBefore} before it${still}`
  );
}

function whyNot({ why, chunks }: Extract<OwnEvidence, { code: "not-damaged" }>): string {
  if (why === "no-line") return "no line stands in its log";
  if (why === "checkpoint") return "its lines stand in a checkpoint as well";
  return `${chunks} of its chunks are in the store`;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** The damage to the write-ahead log of one ingester. */
interface Torn {
  segment: string;
  before: WalRecord[];
  /** The index in `before` of the damaged record. */
  index: number;
  what: OwnEvidence;
}

/**
 * Damages a record, as a disk failure or a power loss may do, in the newest segment, to which only the killed process has written. The log has
 * to end at the damage. It loses lines only if there are lines at or after it that are nowhere else, neither in a checkpoint nor in a chunk of
 * the store.
 */
function tearing(spec: Spec, linesIn: ReturnType<typeof lineFinder>): LogDamaging<Torn, OwnEvidence> {
  return {
    damage({ service, files, flushedChunks: chunks }) {
      const segment = segmentsIn(files).at(-1);
      const before = recordsOf(segment?.content ?? Buffer.alloc(0));
      const withLines = before.flatMap((record, index) => (linesIn([record]).size > 0 ? [index] : []));
      const index = withLines.at(spec.record === "last" ? -1 : Math.floor(withLines.length / 2));
      const left = (why: "no-line" | "checkpoint" | "flushed") => ({
        left: { code: "not-damaged" as const, service, why, chunks },
      });
      if (segment === undefined || index === undefined) return left("no-line");
      if (hasCheckpoint(files)) return left("checkpoint");
      if (chunks > 0) return left("flushed");
      const { what, content } = damaged(spec, service, segment, before[index]!);
      return { file: { ...segment, content }, damage: { segment: segment.name, before, index, what } };
    },
    proofOf({ segment, before, index, what }, { service, dir, files }) {
      const now = recordsOf(files.find(({ name }) => name === segment)?.content ?? Buffer.alloc(0));
      const [kept, cut] = [before.slice(0, index), before.slice(index)].map((part) => linesIn(part));
      const linesBehind = [...cut!].filter((line) => !kept!.has(line)).length;
      const place = {
        folder: basename(dir),
        record: index + 1,
        records: before.length,
        readable: now.length,
      };
      return {
        effective: now.length === index && linesBehind > 0,
        evidence: [what, { code: "lines-behind", service, ...place, linesBehind, linesBefore: kept!.size }],
      };
    },
  };
}

function damaged(
  { by }: Spec,
  service: string,
  { name: segment, content }: InstanceFile,
  { offset, firstBytes }: WalRecord,
): { what: OwnEvidence; content: Buffer } {
  const at = offset + fragmentHeaderBytes + Math.floor(firstBytes / 2);
  if (by === "cut")
    return {
      what: { code: "segment-cut", service, segment, at, bytes: content.length },
      content: content.subarray(0, at),
    };
  const flipped = Buffer.from(content);
  flipped[at] = content[at]! ^ 0xff;
  const [was, is] = [content[at]!, flipped[at]!];
  return { what: { code: "byte-flipped", service, segment, at, was, is }, content: flipped };
}
