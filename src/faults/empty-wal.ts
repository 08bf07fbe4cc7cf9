import { z } from "zod";
import type { InstanceFile } from "../places/instance.ts";
import { recordsOf } from "../products/wal-segment.ts";
import { Down, type DownEvidence, describeDown, downEvidence } from "./down.ts";
import { hasCheckpoint, lineFinder, segmentsIn } from "./ingester-log.ts";
import type { FaultKind } from "./kind.ts";
import { damagesLogs, type LogDamaging, logDamage } from "./log-damage.ts";
import { ingestersOf } from "./targets.ts";

const schema = z.strictObject({ kind: z.literal("empty-wal"), target: z.enum(["sink", "ingester"]) });

const reasons = {
  "no-line": "no line stands in its log",
  "one-segment": "only its newest segment has lines, so that no later segment needs an earlier one",
  checkpoint: "its lines stand in a checkpoint as well",
  flushed: "its chunks are in the store",
} as const;

type Reason = keyof typeof reasons;

const ownEvidence = z.discriminatedUnion("code", [
  /** `lines` lines are in no other segment; later segments have `linesAfter` lines. `bytes` is the size before, `left` that of now. */
  z.object({
    code: z.literal("segment-emptied"),
    service: z.string(),
    segment: z.string(),
    bytes: z.int(),
    left: z.int(),
    lines: z.int(),
    linesAfter: z.int(),
  }),
  /** Why it would have lost no line. */
  z.object({
    code: z.literal("not-emptied"),
    service: z.string(),
    why: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]),
  }),
]);

type OwnEvidence = z.infer<typeof ownEvidence>;
type EmptyEvidence = OwnEvidence | DownEvidence;

export const emptyWal = {
  summary:
    "SIGKILL, and an earlier segment of the write-ahead log is emptied while it is down; started again when it heals.",
  schema,
  evidence: z.union([ownEvidence, downEvidence]),
  ...damagesLogs,
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${Down.expected(ingestersOf(pipeline, target), "kill")}; the oldest segment with lines is empty, has lines that stand nowhere else, and a ` +
    "later segment has lines",
  create: (spec, context) => logDamage(spec, context, emptying(lineFinder(context.writer))),
  clause: ({ name, times }) => `${name} was killed${times} and a segment of its write-ahead log was emptied`,
  describe(found) {
    if (found.code === "not-emptied") return `${found.service}: ${reasons[found.why]}`;
    if (found.code !== "segment-emptied") return describeDown(found);
    const { service, segment, bytes, left, lines, linesAfter } = found;
    const size = left === 0 ? "is empty" : `has ${left} bytes again`;
    return `${service}: segment ${segment} had ${bytes} bytes and ${size}; ${lines} lines stood there alone, ${linesAfter} stand in later ones`;
  },
} satisfies FaultKind<typeof schema, EmptyEvidence>;

/**
 * The oldest segment with lines, or why its loss would lose no line or not be followed by a line.
 *
 * @param linesOf the lines in some segments
 */
export function segmentToEmpty(
  files: readonly InstanceFile[],
  flushedChunks: number,
  linesOf: (segments: readonly InstanceFile[]) => Set<string>,
): InstanceFile | Reason {
  const [segment, later] = segmentsIn(files).filter((file) => linesOf([file]).size > 0);
  if (segment === undefined) return "no-line";
  if (later === undefined) return "one-segment";
  if (hasCheckpoint(files)) return "checkpoint";
  return flushedChunks > 0 ? "flushed" : segment;
}

/**
 * Empties the oldest segment with lines, as a file system may do with a file that was not synchronised before a power loss. What follows it
 * in the log is whole, and begins with lines of streams that nothing has introduced. The segment has to be empty, and to have had lines that
 * no other segment has.
 */
function emptying(linesIn: ReturnType<typeof lineFinder>): LogDamaging<InstanceFile, OwnEvidence> {
  const linesOf = (files: readonly InstanceFile[]) =>
    linesIn(files.flatMap(({ content }) => recordsOf(content)));
  return {
    damage({ service, files, flushedChunks }) {
      const segment = segmentToEmpty(files, flushedChunks, linesOf);
      if (typeof segment === "string") return { left: { code: "not-emptied", service, why: segment } };
      return { file: { ...segment, content: Buffer.alloc(0) }, damage: segment };
    },
    proofOf(segment, { service, files }) {
      const segments = segmentsIn(files);
      const { name, content } = segment;
      const left = segments.find((file) => file.name === name)?.content.length ?? 0;
      const others = segments.filter((file) => file.name !== name);
      const elsewhere = linesOf(others);
      const lines = [...linesOf([segment])].filter((line) => !elsewhere.has(line)).length;
      const linesAfter = linesOf(others.filter((file) => Number(file.name) > Number(name))).size;
      const sizes = { bytes: content.length, left };
      return {
        effective: left === 0 && lines > 0 && linesAfter > 0,
        evidence: [{ code: "segment-emptied", service, segment: name, ...sizes, lines, linesAfter }],
      };
    },
  };
}
