import { basename } from "node:path";
import { request } from "undici";
import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { sumOf } from "../base/metrics.ts";
import { headMark } from "../load/line.ts";
import { attachedProject, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import { readFiles, writeBack } from "../places/compose/container-files.ts";
import { metricsOf } from "../places/compose/service-metrics.ts";
import type { Stack } from "../places/compose/stack.ts";
import type { InstanceFile } from "../places/instance.ts";
import { Down } from "./down.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll } from "./fault.ts";
import { fragmentHeaderBytes, recordsOf, type WalRecord } from "./wal-segment.ts";

/**
 * Which record of a write-ahead log is damaged, and how: one byte in the middle of it is another, or the file ends in the middle of it.
 * Of the records with lines it is the middle one or the last.
 */
export interface Tear {
  record: "middle" | "last";
  by: "flip" | "cut";
}

const requestTimeoutMs = 5_000;
/** Read into memory at once. */
const maxWalBytes = 256 * 1_024 * 1_024;

const configSchema = z.object({
  ingester: z.object({ wal: z.object({ enabled: z.literal(true), dir: z.string() }) }),
});

/** What was done to one writer's write-ahead log. */
interface Torn {
  service: string;
  dir: string;
  segment: InstanceFile;
  before: WalRecord[];
  /** The place in `before` of the record that was damaged. */
  index: number;
  what: string;
}

/**
 * Those services of a target that keep a write-ahead log.
 *
 * @throws UsageError for a stack that Everyline has not started: the fault damages what that keeps
 */
export function writersOf(pipeline: Pipeline, target: string): string[] {
  if (attachedProject(pipeline) !== undefined)
    throw new UsageError("a write-ahead log is damaged only in a stack that Everyline has started.");
  return servicesOf(pipeline, target).filter((service) => pipeline.loki.writers.includes(service));
}

/** Where a writer keeps its log, and how many chunks it has written to the store already. */
interface Writer {
  dir: string;
  flushedChunks: number;
}

/**
 * SIGKILL of Loki's writers and damage to a record of their write-ahead logs while they are down, as a disk or a loss of power leaves it;
 * started again when the fault heals. Damaged is the newest segment, which only the process that was killed has written to.
 */
export class TearWal implements Fault {
  readonly #stack: Stack;
  readonly #seed: string;
  readonly #services: string[];
  readonly #tear: Tear;
  readonly #down: Down;
  readonly #writers = new Map<string, Writer>();
  readonly #torn: Torn[] = [];
  readonly #refusals: string[] = [];

  constructor(world: FaultContext, services: string[], tear: Tear) {
    this.#stack = world.stack;
    this.#seed = world.writer.plan.seed;
    this.#services = services;
    this.#tear = tear;
    this.#down = new Down(world, services, "kill");
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[], { record, by }: Tear): string {
    const damage = by === "flip" ? "a byte of it is another" : "the log ends in the middle of it";
    return (
      `${Down.expected(services, "kill")}; the ${record} record with lines stands in the newest segment and nowhere else, ` +
      `${damage}, and whoever reads the log anew stops there`
    );
  }

  async inject(): Promise<number> {
    for (const service of this.#services) this.#writers.set(service, await this.#ask(service));
    const downAtMs = await this.#down.inject();
    for (const service of this.#services) {
      if ((await this.#stack.state(service)).running) continue;
      const torn = await this.#damage(service);
      if (torn !== undefined) this.#torn.push(torn);
    }
    return downAtMs;
  }

  /**
   * The log is read anew and has to end where it was damaged. That costs something only if lines stand there or behind it, and
   * nowhere else: neither in a checkpoint nor in a chunk of the store.
   */
  async prove(): Promise<Proof> {
    const kill = await this.#down.prove();
    const proofs = await Promise.all(this.#torn.map((torn) => this.#proveOf(torn)));
    const all = proofOfAll([kill, ...proofs, ...this.#refusals.map(refused)]);
    return { ...all, effective: all.effective && proofs.length > 0 };
  }

  async heal(): Promise<number> {
    return this.#down.heal();
  }

  async #ask(service: string): Promise<Writer> {
    const config = configSchema.safeParse(parse(await this.#configOf(service)));
    if (!config.success) throw new UsageError(`${service} keeps no write-ahead log that could be damaged.`);
    const { dir } = config.data.ingester.wal;
    const metrics = await metricsOf(this.#stack, service);
    return { dir, flushedChunks: sumOf(metrics, "loki_ingester_chunks_flushed_total") };
  }

  async #configOf(service: string): Promise<string> {
    const url = await this.#stack.url(service);
    const { body } = await request(`${url}/config`, {
      signal: AbortSignal.timeout(requestTimeoutMs),
      reset: true,
    });
    return body.text();
  }

  async #damage(service: string): Promise<Torn | undefined> {
    const { dir, flushedChunks } = this.#writers.get(service)!;
    const files = await readFiles(this.#stack.container(service), dir, maxWalBytes);
    const segment = files.findLast(({ name }) => /^\d+$/.test(name));
    const before = recordsOf(segment?.content ?? Buffer.alloc(0));
    const withLines = before.flatMap((record, index) => (this.#linesIn([record]).size > 0 ? [index] : []));
    const index = withLines.at(this.#tear.record === "last" ? -1 : Math.floor(withLines.length / 2));
    const hasCheckpoint = files.some(({ name }) => name.startsWith("checkpoint."));
    if (segment === undefined || index === undefined)
      return this.#refuse(service, "no line stands in its log");
    if (hasCheckpoint) return this.#refuse(service, "its lines stand in a checkpoint as well");
    if (flushedChunks > 0) return this.#refuse(service, `${flushedChunks} of its chunks are in the store`);
    const { what, content } = this.#damaged(segment, before[index]!);
    await writeBack(this.#stack.container(service), dir, { ...segment, content });
    return { service, dir, segment, before, index, what };
  }

  #refuse(service: string, why: string): undefined {
    this.#refusals.push(`${service}: ${why}`);
  }

  #damaged({ name, content }: InstanceFile, { offset, firstBytes }: WalRecord) {
    const at = offset + fragmentHeaderBytes + Math.floor(firstBytes / 2);
    if (this.#tear.by === "cut") {
      return {
        what: `segment ${name} of ${content.length} bytes was cut to ${at}`,
        content: content.subarray(0, at),
      };
    }
    const flipped = Buffer.from(content);
    flipped[at] = content[at]! ^ 0xff;
    const [old, now] = [content[at]!, flipped[at]!].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`);
    return { what: `byte ${at} of segment ${name} was ${old} and is ${now}`, content: flipped };
  }

  async #proveOf({ service, dir, segment, before, index, what }: Torn): Promise<Proof> {
    const files = await readFiles(this.#stack.container(service), dir, maxWalBytes);
    const now = recordsOf(files.find(({ name }) => name === segment.name)?.content ?? Buffer.alloc(0));
    const [kept, cut] = [before.slice(0, index), before.slice(index)].map((part) => this.#linesIn(part));
    const lines = [...cut!].filter((line) => !kept!.has(line)).length;
    const isTorn = now.length === index;
    const place = `record ${index + 1} of ${before.length}`;
    return {
      effective: isTorn && lines > 0,
      evidence:
        `${service}: ${what}, in ${place} of ${basename(dir)}: ${lines} lines stand in it or behind it alone, ` +
        `${kept!.size} before it${isTorn ? "" : `, but ${now.length} records can be read still`}`,
    };
  }

  /** The lines of the run that records hold, by source and sequence; sentinels are none. */
  #linesIn(records: WalRecord[]): Set<string> {
    const line = new RegExp(`${headMark}${this.#seed}/([\\w.-]+/[1-9]\\d*)"`, "g");
    return new Set(
      records.flatMap(({ payload }) =>
        [...payload.toString("latin1").matchAll(line)].map(([, identity]) => identity!),
      ),
    );
  }
}

function refused(evidence: string): Proof {
  return { effective: false, evidence };
}
