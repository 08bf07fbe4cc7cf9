import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Instance, InstanceFile } from "../places/instance.ts";
import { assertAble } from "./able.ts";
import { Down, type DownEvidence } from "./down.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence, Evidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";
import { askForLog, type IngesterLog, maxWalBytes, undamageable } from "./ingester-log.ts";
import { includesReader, ingesterProductOf, ingestersOf, partsEndedWith, partsLostWith } from "./targets.ts";

/** What such a fault is told: whose logs are damaged. */
interface Target {
  kind: string;
  target: "sink" | "ingester";
}

/** What all kinds have in common that kill ingesters and damage their write-ahead logs while they are down. */
export const damagesLogs = {
  lasts: () => true,
  showsReplay: true,
  touches: ({ target }: Target, pipeline: Pipeline) => ingestersOf(pipeline, target),
  breaks: ({ target }: Target, pipeline: Pipeline) => partsLostWith(pipeline, ingestersOf(pipeline, target)),
  ends: ({ target }: Target, pipeline: Pipeline) =>
    partsEndedWith(pipeline, ingestersOf(pipeline, target), "kill"),
  pausesReading: ({ target }: Target, pipeline: Pipeline) =>
    includesReader(pipeline, ingestersOf(pipeline, target)),
  unsupportedReason: ({ target }: Target, pipeline: Pipeline) => undamageable(pipeline, target),
};

/** The log of one ingester that is down. */
interface LogAtRest extends IngesterLog {
  /** The ingester. */
  service: string;
  files: InstanceFile[];
}

/** How a log is damaged, and whether that has lost lines. */
export interface LogDamaging<Damage, Found extends Evidence> {
  /** The file as it is to be, and what `proofOf` needs to know; or why no damage would lose a line, and then nothing is damaged. */
  damage(log: LogAtRest): { file: InstanceFile; damage: Damage } | { left: Found };
  /** @param log as it is found after the damage */
  proofOf(damage: Damage, log: LogAtRest): Proof<Found>;
}

/** Kills ingesters with SIGKILL, damages their write-ahead logs while they are down, and starts them again when it heals. */
export function logDamage<Damage, Found extends Evidence>(
  { target }: Target,
  context: FaultContext,
  damaging: LogDamaging<Damage, Found>,
): Fault<Found | DownEvidence | CommonEvidence> {
  const services = ingestersOf(context.stack.pipeline, target);
  const fault = new LogDamage(context, context.stack.instances(services), damaging);
  return onEveryInstance(context, services, fault);
}

class LogDamage<Damage, Found extends Evidence> implements Fault<Found | DownEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #damaging: LogDamaging<Damage, Found>;
  readonly #down: Down;
  readonly #logs = new Map<string, IngesterLog>();
  readonly #damaged: { instance: Instance; damage: Damage }[] = [];
  readonly #left: Found[] = [];

  constructor(context: FaultContext, instances: Instance[], damaging: LogDamaging<Damage, Found>) {
    this.#context = context;
    this.#instances = instances;
    this.#damaging = damaging;
    this.#down = new Down(context, instances, "kill");
  }

  async inject(): Promise<number> {
    // Each ingester is asked for the folder of its log while it runs.
    const { holds, signal, stack } = this.#context;
    const names = this.#instances.map(({ name }) => name);
    await holds.whenUp(names, signal);
    for (const { files } of this.#instances) assertAble(files, "read and write the files of an instance");
    const { chunksFlushed } = ingesterProductOf(stack.pipeline).counters;
    for (const instance of this.#instances)
      this.#logs.set(instance.name, await askForLog(instance, chunksFlushed));
    const downAtMs = await this.#down.inject();
    for (const instance of this.#instances)
      if (!(await instance.state()).running) await this.#damage(instance);
    return downAtMs;
  }

  /** Reads the logs again. */
  async prove(): Promise<Proof<Found | DownEvidence | CommonEvidence>> {
    const kill = await this.#down.prove();
    const proofs = await Promise.all(
      this.#damaged.map(async ({ instance, damage }) =>
        this.#damaging.proofOf(damage, await this.#logOf(instance)),
      ),
    );
    const left = this.#left.map((found) => refutes(found));
    const all = proofOfAll<Found | DownEvidence | CommonEvidence>([kill, ...proofs, ...left]);
    return { ...all, effective: all.effective && proofs.length > 0 };
  }

  async heal(): Promise<number> {
    return this.#down.heal();
  }

  async #damage(instance: Instance): Promise<void> {
    const log = await this.#logOf(instance);
    const done = this.#damaging.damage(log);
    if ("left" in done) {
      this.#left.push(done.left);
      return;
    }
    await instance.writeFile!(log.dir, done.file);
    this.#damaged.push({ instance, damage: done.damage });
  }

  async #logOf(instance: Instance): Promise<LogAtRest> {
    const log = this.#logs.get(instance.name)!;
    return { ...log, service: instance.name, files: await instance.files!(log.dir, maxWalBytes) };
  }
}
