import { basename, dirname } from "node:path";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance, InstanceFile } from "../places/instance.ts";
import { configPageOf } from "../places/instance-config.ts";
import {
  isByteNumber,
  positionsFileOf,
  positionsIn,
  positionsText,
  unreadablePosition,
} from "../products/promtail-positions.ts";
import { assertAble } from "./able.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { missingTarget, onlyStartedHere, partsEndedWith, severalInstances } from "./targets.ts";

/** The maximum size of the folder with the file of positions, which is read into memory at once. */
const maxFolderBytes = 64 * 1_024 * 1_024;

const schema = z.strictObject({ kind: z.literal("damage-positions"), target: z.literal("shipper") });

const evidence = z.discriminatedUnion("code", [
  /** `unreadable` of the positions of `files` files are unreadable on its disk, and it runs as it was started with them. */
  z.object({
    code: z.literal("positions-damaged"),
    instance: z.string(),
    path: z.string(),
    files: z.int(),
    unreadable: z.int(),
    runs: z.boolean(),
  }),
  z.object({
    code: z.literal("positions-back"),
    instance: z.string(),
    unreadable: z.int(),
    runs: z.boolean(),
  }),
  z.object({ code: z.literal("no-positions"), instance: z.string() }),
]);

type PositionsEvidence = z.infer<typeof evidence>;

export const damagePositions = {
  summary:
    "SIGTERM, and the saved position of each file is made unreadable before the shipper is started again; the same once more, with the positions put back, when it heals.",
  schema,
  evidence,
  lasts: () => true,
  waitsForEnd: true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: () => [],
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, servicesOf(pipeline, target), "term"),
  unsupportedReason({ target }, pipeline) {
    return (
      onlyStartedHere(pipeline, "damages what a shipper has saved") ??
      missingTarget(pipeline, target) ??
      severalInstances(pipeline, servicesOf(pipeline, target))
    );
  },
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${servicesOf(pipeline, target).join(", ")}: its file of positions has an unreadable position for each file that it read, and it runs ` +
    "with them until it heals; lines are written meanwhile",
  create({ target }, context) {
    const services = servicesOf(context.stack.pipeline, target);
    const fault = new DamagePositions(context, context.stack.instances(services));
    return onEveryInstance(context, services, fault);
  },
  clause: ({ name, times, held }) => `the saved positions of ${name} were unreadable${times}${held}`,
  describe(found) {
    const { instance } = found;
    if (found.code === "no-positions") return `${instance} had saved no position of a file`;
    const runs = found.runs ? "" : "; but it does not run as it was started";
    if (found.code === "positions-back")
      return `${instance}: ${found.unreadable === 0 ? "no position is" : `${found.unreadable} positions are`} unreadable any more${runs}`;
    const { path, files, unreadable } = found;
    return `${instance}: ${unreadable} of ${files} positions in ${path} are unreadable${runs}`;
  },
} satisfies FaultKind<typeof schema, PositionsEvidence>;

/** The positions that were damaged, and the start of the shipper that followed. */
interface Damaged {
  instance: Instance;
  path: string;
  /** Those of files, as they were. */
  saved: Map<string, string>;
  incarnation: string;
}

/** Starts shippers with saved positions that they cannot read, as a crash while they are written, or somebody who edits them, may leave them. */
class DamagePositions implements Fault<PositionsEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #damaged: Damaged[] = [];

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
  }

  async inject(): Promise<number> {
    const { holds, signal } = this.#context;
    const names = this.#instances.map(({ name }) => name);
    await holds.whenUp(names, signal);
    for (const { files, writeFile } of this.#instances)
      assertAble(files && writeFile, "read and write the files of an instance");
    return holds.alone(names, async () => {
      await allEnded(this.#instances.map((instance) => this.#damage(instance)));
      return Date.now();
    });
  }

  /** Reads the file again while the shipper runs. Whether it opens its files is what the run is to find out. */
  async prove(): Promise<Proof<PositionsEvidence | CommonEvidence>> {
    const proofs = this.#damaged.map(async (damaged) => {
      const { saved, path } = damaged;
      const instance = damaged.instance.name;
      if (saved.size === 0) return refutes<PositionsEvidence>({ code: "no-positions", instance });
      const { unreadable, runs } = await foundNow(damaged);
      const found = {
        code: "positions-damaged",
        instance,
        path,
        files: saved.size,
        unreadable,
        runs,
      } as const;
      return { effective: runs && unreadable === saved.size, evidence: [found] };
    });
    return proofOfAll<PositionsEvidence | CommonEvidence>(await Promise.all(proofs));
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    await this.#context.holds.alone(
      this.#damaged.map(({ instance }) => instance.name),
      () => allEnded(this.#damaged.map((damaged) => this.#putBack(damaged))),
    );
    return healedAtMs;
  }

  async proveHealed(): Promise<Proof<PositionsEvidence | CommonEvidence>> {
    const proofs = this.#damaged.map(async (damaged) => {
      const now = await foundNow(damaged);
      const found = { code: "positions-back", instance: damaged.instance.name, ...now } as const;
      return { effective: now.runs && now.unreadable === 0, evidence: [found] };
    });
    return proofOfAll<PositionsEvidence | CommonEvidence>(await Promise.all(proofs));
  }

  async #damage(instance: Instance): Promise<void> {
    const path = await askForPositions(instance);
    const damaged: Damaged = { instance, path, saved: new Map(), incarnation: "" };
    this.#damaged.push(damaged);
    await this.#startedWith(damaged, (positions) => {
      for (const [file, position] of positions) {
        if (!isByteNumber(position)) continue;
        damaged.saved.set(file, position);
        positions.set(file, unreadablePosition);
      }
    });
  }

  async #putBack(damaged: Damaged): Promise<void> {
    await this.#startedWith(damaged, (positions) => {
      for (const [file, position] of damaged.saved)
        if (positions.get(file) === unreadablePosition) positions.set(file, position);
    });
  }

  /**
   * Stops the shipper, which saves its positions, changes them, and starts it again, even if they cannot be changed. It stays down if another
   * fault holds it down.
   */
  async #startedWith(damaged: Damaged, change: (positions: Map<string, string>) => void): Promise<void> {
    const { instance, path } = damaged;
    this.#context.holds.note("ended", instance.name);
    if ((await instance.state()).running) await instance.end("term");
    try {
      const file = await readFile(instance, path);
      const positions = positionsIn(file.content.toString("utf8"));
      if (positions === undefined)
        throw new Error(`${path} of ${instance.name} has not the form of Promtail's file of positions`);
      change(positions);
      await instance.writeFile!(dirname(path), { ...file, content: Buffer.from(positionsText(positions)) });
    } finally {
      if (!this.#context.holds.byAnother("down", instance.name)) await instance.start();
    }
    damaged.incarnation = (await instance.state()).incarnation;
  }
}

async function readFile(instance: Instance, path: string): Promise<InstanceFile> {
  const files = await instance.files!(dirname(path), maxFolderBytes);
  const file = files.find(({ name }) => name === basename(path));
  if (file === undefined)
    throw new Error(`${instance.name} has no file ${path}, though it is to save positions there`);
  return file;
}

/** How many of the positions that were damaged are unreadable now, and whether the shipper runs as it was started. */
async function foundNow({
  instance,
  path,
  saved,
  incarnation,
}: Damaged): Promise<{ unreadable: number; runs: boolean }> {
  const positions = positionsIn((await readFile(instance, path)).content.toString("utf8"));
  const unreadable = [...saved.keys()].filter((file) => positions?.get(file) === unreadablePosition);
  const state = await instance.state();
  return { unreadable: unreadable.length, runs: state.running && state.incarnation === incarnation };
}

/** @throws UsageError if it does not tell where it saves positions, as Promtail does */
async function askForPositions(instance: Instance): Promise<string> {
  const { text } = await configPageOf(instance, "where it saves positions");
  const path = positionsFileOf(text);
  if (path !== undefined) return path;
  throw new UsageError(
    `expected ${instance.name} to tell at /config where it saves positions, as Promtail does, but it tells of none.`,
  );
}
