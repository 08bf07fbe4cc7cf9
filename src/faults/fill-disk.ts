import { z } from "zod";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import type { Instance, InstanceState, LimitedDisk } from "../places/instance.ts";
import { assertAble } from "./able.ts";
import { type DiskFullEvidence, describeDiskFull, diskFullEvidence } from "./disk-full-evidence.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { ingestersOf, missingTarget, onlyStartedHere, partsEndedWith, partsLostWith } from "./targets.ts";

/** A disk that is larger is not filled, whatever the place says of it. */
const maxDiskBytes = 1_024 ** 3;
/** What fills the disk, and what shows that nothing more fits. Both are left behind empty, because a place cannot delete a file. */
const fillName = ".everyline-fills-this-disk";
const probeName = ".everyline-probes-this-disk";
/** More than what may be left in the last block of the disk. */
const probeBytes = 16 * 1_024;
/** How the engine, and programs in their logs, say so. */
const noSpace = /no space left on device|disk full/i;
/** More than a part logs in a run of a minute. */
const maxLogLines = 20_000;

const schema = z.strictObject({ kind: z.literal("fill-disk"), target: z.string() });

function servicesFilled(pipeline: Pipeline, target: string): string[] {
  return target === "sink" ? ingestersOf(pipeline, target) : servicesOf(pipeline, target);
}

/** The services that end when their disk is full: Kafka's brokers do, as they say. */
function servicesEnded(pipeline: Pipeline, target: string): string[] {
  const brokers = Object.keys(pipeline.kafka?.services ?? {});
  return servicesFilled(pipeline, target).filter((service) => brokers.includes(service));
}

export const fillDisk = {
  summary:
    "The volume with a part's data is full until it heals; what has ended because of it is started again then. Only a volume of limited size is filled.",
  schema,
  evidence: diskFullEvidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesFilled(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, servicesEnded(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, servicesEnded(pipeline, target), "kill"),
  unsupportedReason({ target }, pipeline) {
    return (
      onlyStartedHere(pipeline, "fills a disk") ??
      missingTarget(pipeline, target) ??
      withoutSmallDisk(pipeline, servicesFilled(pipeline, target))
    );
  },
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${servicesFilled(pipeline, target).join(", ")}: not even ${probeBytes / 1_024} KiB more can be written to the volume with its data, when it was filled and still when it is to be freed; as much can be written afterwards`,
  create({ target }, context) {
    const services = servicesFilled(context.stack.pipeline, target);
    return onEveryInstance(context, services, new FillDisk(context, context.stack.instances(services)));
  },
  clause: ({ name, times, held }) => `the disk of ${name} was full${times}${held}`,
  describe: describeDiskFull,
} satisfies FaultKind<typeof schema, DiskFullEvidence>;

function withoutSmallDisk({ smallDisks = [] }: Pipeline, services: string[]): string | undefined {
  const service = services.find((each) => !smallDisks.includes(each));
  if (service === undefined) return undefined;
  return (
    `fills a disk, and ${service} writes to no volume of limited size that outlives it; give it one of at most 1 GiB ` +
    '(driver_opts: { type: tmpfs, device: tmpfs, o: "size=64m" }), and mount it in a service of another part as well'
  );
}

/** An instance whose disks are full. */
interface Filled {
  instance: Instance;
  disks: LimitedDisk[];
  before: InstanceState;
  /** How many lines about a full disk it had logged before. */
  noticedBefore: number;
  /** The state in which it was found ended when the fault healed. */
  ended?: InstanceState;
}

/**
 * Fills the limited disks of several instances with a file, and empties that file when it heals. A write of another file shows that they are
 * full, and later that they are not; what the programs said of it is evidence beside that, because a program that writes nothing meanwhile
 * notices nothing.
 */
class FillDisk implements Fault<DiskFullEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #filled: Filled[] = [];
  #fullAtMs = 0;

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
  }

  async inject(): Promise<number> {
    for (const instance of this.#instances) {
      assertAble(instance.limitedDisks && instance.fillDisk && instance.writeFile, "fill a disk");
      const disks = smallOf(instance.name, await instance.limitedDisks!());
      const [before, noticedBefore] = [await instance.state(), await noticesOf(instance)];
      this.#filled.push({ instance, disks, before, noticedBefore });
    }
    await allEnded(
      this.#filled.map(async ({ instance, disks }) => {
        for (const disk of disks) await instance.fillDisk!(disk, fillName);
      }),
    );
    this.#fullAtMs = Date.now();
    return this.#fullAtMs;
  }

  async prove(): Promise<Proof<DiskFullEvidence | CommonEvidence>> {
    return this.#proofOfRoom(false);
  }

  async heal(): Promise<number> {
    const { holds } = this.#context;
    await allEnded(
      this.#filled.map(async ({ instance, disks }) => {
        for (const { folder } of disks) await instance.writeFile!(folder, empty(fillName));
      }),
    );
    const freedAtMs = Date.now();
    await holds.alone(
      this.#filled.map(({ instance }) => instance.name),
      () => allEnded(this.#filled.map((filled) => this.#startEnded(filled))),
    );
    return freedAtMs;
  }

  async proveHealed(): Promise<Proof<DiskFullEvidence | CommonEvidence>> {
    const found = this.#filled.map(async ({ instance, noticedBefore, ended }) => {
      const noticed: DiskFullEvidence = {
        code: "disk-noticed",
        instance: instance.name,
        lines: Math.max(0, (await noticesOf(instance)) - noticedBefore),
        ended:
          ended === undefined
            ? null
            : { exitCode: ended.exitCode, afterMs: ended.endedAtMs - this.#fullAtMs },
      };
      return { effective: true, evidence: [noticed] };
    });
    return proofOfAll<DiskFullEvidence | CommonEvidence>([
      await this.#proofOfRoom(true),
      ...(await Promise.all(found)),
    ]);
  }

  /** The proof that each disk has room, or that it has none. */
  async #proofOfRoom(isRoomExpected: boolean): Promise<Proof<DiskFullEvidence | CommonEvidence>> {
    const proofs = this.#filled.flatMap(({ instance, disks }) =>
      disks.map(async ({ folder, bytes }) => {
        const hasRoom = await roomIn(instance, folder);
        const found = {
          code: "disk-room",
          instance: instance.name,
          folder,
          bytes,
          probeBytes,
          hasRoom,
        } as const;
        return { effective: hasRoom === isRoomExpected, evidence: [found] };
      }),
    );
    if (proofs.length === 0) return refutes<DiskFullEvidence | CommonEvidence>();
    return proofOfAll<DiskFullEvidence | CommonEvidence>(await Promise.all(proofs));
  }

  /** Starts what has ended because its disk was full, unless another fault holds it down. */
  async #startEnded(filled: Filled): Promise<void> {
    const { instance, before } = filled;
    const state = await instance.state();
    if (state.running || !before.running || this.#context.holds.byAnother("down", instance.name)) return;
    filled.ended = state;
    await instance.start();
  }
}

/** @throws RangeError if there is none, or one that is too large to fill */
function smallOf(instance: string, disks: LimitedDisk[]): LimitedDisk[] {
  const large = disks.find(({ bytes }) => bytes > maxDiskBytes);
  if (disks.length > 0 && large === undefined) return disks;
  const found = large === undefined ? "none" : `${large.folder} with ${large.bytes} bytes`;
  throw new RangeError(
    `expected ${instance} to write to a volume of at most ${maxDiskBytes} bytes, got ${found}`,
  );
}

/** Whether another small file fits, which is emptied again. */
async function roomIn(instance: Instance, folder: string): Promise<boolean> {
  try {
    await instance.writeFile!(folder, { ...empty(probeName), content: Buffer.alloc(probeBytes) });
    return true;
  } catch (thrown) {
    if (!noSpace.test(String(thrown))) throw thrown;
    return false;
  } finally {
    await instance.writeFile!(folder, empty(probeName));
  }
}

function empty(name: string) {
  return { name, content: Buffer.alloc(0), header: {} };
}

/** How many of the last lines that an instance logged are about a full disk. */
async function noticesOf(instance: Instance): Promise<number> {
  return (await instance.logs(maxLogLines)).split("\n").filter((line) => noSpace.test(line)).length;
}
