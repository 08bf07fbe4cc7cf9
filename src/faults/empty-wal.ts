import { z } from "zod";
import type { Instance, InstanceFile } from "../places/instance.ts";
import { recordsOf } from "../products/wal-segment.ts";
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
  lasts: () => true,
  showsReplay: true,
  touches: ({ target }, pipeline) => ingestersOf(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, ingestersOf(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, ingestersOf(pipeline, target), "kill"),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, ingestersOf(pipeline, target)),
  unsupportedReason: ({ target }, pipeline) => undamageable(pipeline, target),
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${Down.expected(ingestersOf(pipeline, target), "kill")}; the oldest segment with lines is empty, has lines that stand nowhere else, and a ` +
    "later segment has lines",
  create({ target }, context) {
    const services = ingestersOf(context.stack.pipeline, target);
    return onEveryInstance(context, services, new EmptyWal(context, context.stack.instances(services)));
  },
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

/** The segment that was emptied in the log of one ingester. */
interface Emptied {
  instance: Instance;
  dir: string;
  segment: InstanceFile;
}

/**
 * Kills ingesters with SIGKILL and empties the oldest segment with lines while they are down, as a file system may do with a file that was not
 * synchronised before a power loss. What follows it in the log is whole, and begins with lines of streams that nothing has introduced.
 */
class EmptyWal implements Fault<EmptyEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #down: Down;
  readonly #linesIn: ReturnType<typeof lineFinder>;
  readonly #logs = new Map<string, IngesterLog>();
  readonly #emptied: Emptied[] = [];
  readonly #left: OwnEvidence[] = [];

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
    this.#down = new Down(context, instances, "kill");
    this.#linesIn = lineFinder(context.writer);
  }

  async inject(): Promise<number> {
    const { holds, signal, stack } = this.#context;
    const names = this.#instances.map(({ name }) => name);
    await holds.whenUp(names, signal);
    for (const { files } of this.#instances) assertAble(files, "read and write the files of an instance");
    const { chunksFlushed } = ingesterProductOf(stack.pipeline).counters;
    for (const instance of this.#instances)
      this.#logs.set(instance.name, await askForLog(instance, chunksFlushed));
    const downAtMs = await this.#down.inject();
    for (const instance of this.#instances)
      if (!(await instance.state()).running) await this.#empty(instance);
    return downAtMs;
  }

  /** Reads the log again: the segment has to be empty, and to have had lines that no other segment has. */
  async prove(): Promise<Proof<EmptyEvidence | CommonEvidence>> {
    const kill = await this.#down.prove();
    const proofs = await Promise.all(this.#emptied.map((emptied) => this.#proveOf(emptied)));
    const all = proofOfAll<EmptyEvidence | CommonEvidence>([kill, ...proofs]);
    return {
      effective: all.effective && proofs.length > 0 && this.#left.length === 0,
      evidence: [...all.evidence, ...this.#left],
    };
  }

  async heal(): Promise<number> {
    return this.#down.heal();
  }

  async #empty(instance: Instance): Promise<void> {
    const { dir, flushedChunks } = this.#logs.get(instance.name)!;
    const files = await instance.files!(dir, maxWalBytes);
    const segment = segmentToEmpty(files, flushedChunks, (segments) => this.#linesOf(segments));
    if (typeof segment === "string") {
      this.#left.push({ code: "not-emptied", service: instance.name, why: segment });
      return;
    }
    await instance.writeFile!(dir, { ...segment, content: Buffer.alloc(0) });
    this.#emptied.push({ instance, dir, segment });
  }

  async #proveOf({ instance, dir, segment }: Emptied): Promise<Proof<OwnEvidence>> {
    const segments = segmentsIn(await instance.files!(dir, maxWalBytes));
    const { name, content } = segment;
    const left = segments.find((file) => file.name === name)?.content.length ?? 0;
    const others = segments.filter((file) => file.name !== name);
    const elsewhere = this.#linesOf(others);
    const lines = [...this.#linesOf([segment])].filter((line) => !elsewhere.has(line)).length;
    const linesAfter = this.#linesOf(others.filter((file) => Number(file.name) > Number(name))).size;
    const sizes = { bytes: content.length, left };
    return {
      effective: left === 0 && lines > 0 && linesAfter > 0,
      evidence: [
        { code: "segment-emptied", service: instance.name, segment: name, ...sizes, lines, linesAfter },
      ],
    };
  }

  #linesOf(files: readonly InstanceFile[]): Set<string> {
    return this.#linesIn(files.flatMap(({ content }) => recordsOf(content)));
  }
}
