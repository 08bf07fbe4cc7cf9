import { basename } from "node:path";
import { z } from "zod";
import type { Instance, InstanceFile } from "../places/instance.ts";
import { fragmentHeaderBytes, recordsOf, type WalRecord } from "../products/wal-segment.ts";
import { assertAble } from "./able.ts";
import { Down, type DownEvidence, describeDown, downEvidence } from "./down.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll } from "./fault.ts";
import {
  askForLog,
  hasCheckpoint,
  type IngesterLog,
  lineFinder,
  maxWalBytes,
  segmentsIn,
  undamageable,
} from "./ingester-log.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader, ingesterProductOf, ingestersOf, partsEndedWith, partsLostWith } from "./targets.ts";

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
  lasts: () => true,
  showsReplay: true,
  touches: ({ target }, pipeline) => ingestersOf(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, ingestersOf(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, ingestersOf(pipeline, target), "kill"),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, ingestersOf(pipeline, target)),
  unsupportedReason: ({ target }, pipeline) => undamageable(pipeline, target),
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
  create(spec, context) {
    const services = ingestersOf(context.stack.pipeline, spec.target);
    return onEveryInstance(context, services, new TearWal(context, context.stack.instances(services), spec));
  },
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
  instance: Instance;
  dir: string;
  segment: InstanceFile;
  before: WalRecord[];
  /** The index in `before` of the damaged record. */
  index: number;
  what: OwnEvidence;
}

/**
 * Kills ingesters with SIGKILL and damages a record of their write-ahead logs while they are down, as a disk failure or a power loss may do.
 * They are started again when the fault heals. The newest segment is damaged, to which only the killed process has written.
 */
class TearWal implements Fault<TearEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #linesIn: ReturnType<typeof lineFinder>;
  readonly #instances: Instance[];
  readonly #spec: Spec;
  readonly #down: Down;
  /** The metric by which an ingester counts the chunks that it wrote to the store. */
  readonly #flushedMetric: string;
  readonly #ingesters = new Map<string, IngesterLog>();
  readonly #torn: Torn[] = [];
  readonly #undamaged: OwnEvidence[] = [];

  constructor(context: FaultContext, instances: Instance[], spec: Spec) {
    this.#context = context;
    this.#linesIn = lineFinder(context.writer);
    this.#instances = instances;
    this.#spec = spec;
    this.#down = new Down(context, instances, "kill");
    this.#flushedMetric = ingesterProductOf(context.stack.pipeline).counters.chunksFlushed;
  }

  async inject(): Promise<number> {
    // Each ingester is asked for the folder of its log while it runs.
    const names = this.#instances.map(({ name }) => name);
    await this.#context.holds.whenUp(names, this.#context.signal);
    for (const { files } of this.#instances) assertAble(files, "read and write the files of an instance");
    for (const instance of this.#instances)
      this.#ingesters.set(instance.name, await askForLog(instance, this.#flushedMetric));
    const downAtMs = await this.#down.inject();
    for (const instance of this.#instances) {
      if ((await instance.state()).running) continue;
      const torn = await this.#damage(instance);
      if (torn !== undefined) this.#torn.push(torn);
    }
    return downAtMs;
  }

  /**
   * Reads the log again: it has to end at the damage. The damage loses lines only if there are lines at or after it that are nowhere else,
   * neither in a checkpoint nor in a chunk of the store.
   */
  async prove(): Promise<Proof<TearEvidence | CommonEvidence>> {
    const kill = await this.#down.prove();
    const proofs = await Promise.all(this.#torn.map((torn) => this.#proveOf(torn)));
    const all = proofOfAll<TearEvidence | CommonEvidence>([kill, ...proofs]);
    return {
      effective: all.effective && proofs.length > 0 && this.#undamaged.length === 0,
      evidence: [...all.evidence, ...this.#undamaged],
    };
  }

  async heal(): Promise<number> {
    return this.#down.heal();
  }

  async #damage(instance: Instance): Promise<Torn | undefined> {
    const { name: service } = instance;
    const { dir, flushedChunks } = this.#ingesters.get(service)!;
    const files = await instance.files!(dir, maxWalBytes);
    const segment = segmentsIn(files).at(-1);
    const before = recordsOf(segment?.content ?? Buffer.alloc(0));
    const withLines = before.flatMap((record, index) => (this.#linesIn([record]).size > 0 ? [index] : []));
    const index = withLines.at(this.#spec.record === "last" ? -1 : Math.floor(withLines.length / 2));
    if (segment === undefined || index === undefined) return this.#leave(service, "no-line", flushedChunks);
    if (hasCheckpoint(files)) return this.#leave(service, "checkpoint", flushedChunks);
    if (flushedChunks > 0) return this.#leave(service, "flushed", flushedChunks);
    const { what, content } = this.#damaged(service, segment, before[index]!);
    await instance.writeFile!(dir, { ...segment, content });
    return { instance, dir, segment, before, index, what };
  }

  #leave(service: string, why: "no-line" | "checkpoint" | "flushed", chunks: number): undefined {
    this.#undamaged.push({ code: "not-damaged", service, why, chunks });
  }

  #damaged(
    service: string,
    { name: segment, content }: InstanceFile,
    { offset, firstBytes }: WalRecord,
  ): { what: OwnEvidence; content: Buffer } {
    const at = offset + fragmentHeaderBytes + Math.floor(firstBytes / 2);
    if (this.#spec.by === "cut") {
      const what = { code: "segment-cut" as const, service, segment, at, bytes: content.length };
      return { what, content: content.subarray(0, at) };
    }
    const flipped = Buffer.from(content);
    flipped[at] = content[at]! ^ 0xff;
    const [was, is] = [content[at]!, flipped[at]!];
    return { what: { code: "byte-flipped", service, segment, at, was, is }, content: flipped };
  }

  async #proveOf({ instance, dir, segment, before, index, what }: Torn): Promise<Proof<OwnEvidence>> {
    const { name: service } = instance;
    const files = await instance.files!(dir, maxWalBytes);
    const now = recordsOf(files.find(({ name }) => name === segment.name)?.content ?? Buffer.alloc(0));
    const [kept, cut] = [before.slice(0, index), before.slice(index)].map((part) => this.#linesIn(part));
    const linesBehind = [...cut!].filter((line) => !kept!.has(line)).length;
    const place = { folder: basename(dir), record: index + 1, records: before.length, readable: now.length };
    return {
      effective: now.length === index && linesBehind > 0,
      evidence: [what, { code: "lines-behind", service, ...place, linesBehind, linesBefore: kept!.size }],
    };
  }
}
