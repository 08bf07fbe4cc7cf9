import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import kafkajs, { type Admin } from "kafkajs";
import { pause } from "../pause.ts";
import { connectKafka, withAdmin } from "../stack/kafka.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

const probeMs = 200;
const probes = 300;

/** A second consumer of the same image, settings and networks joins the group, and leaves it in good order when the fault heals. */
export class Join implements Fault {
  readonly #stack: Stack;
  readonly #signal: AbortSignal;
  readonly #service: string;
  #twin: Docker.Container | undefined;
  #shares: number[] = [];

  constructor({ stack, signal }: FaultWorld, target: "consumer") {
    this.#stack = stack;
    this.#signal = signal;
    this.#service = servicesOf(stack.pipeline, target)[0]!;
  }

  async inject(): Promise<number> {
    const {
      Config: config,
      HostConfig: hostConfig,
      NetworkSettings: settings,
    } = await this.#stack.container(this.#service).inspect();
    const twinName = `${this.#service}-twin`;
    const docker = this.#stack.docker;
    const [network, ...furtherNetworks] = Object.keys(settings.Networks);
    this.#twin = await docker.createContainer({
      name: `${this.#stack.project}-${twinName}-${randomBytes(2).toString("hex")}`,
      Image: config.Image,
      Env: config.Env,
      // The project's label is what `everyline clean` goes by; the service's would make two containers one service.
      Labels: { ...config.Labels, "com.docker.compose.service": twinName },
      HostConfig: { Memory: hostConfig.Memory ?? 0, NetworkMode: network! },
    });
    for (const further of furtherNetworks)
      await docker.getNetwork(further).connect({ Container: this.#twin.id });
    await this.#twin.start();
    this.#shares = await this.#sharesOnceBothWork();
    return Date.now();
  }

  async prove(): Promise<Proof> {
    return {
      effective: this.#shares.length === 2 && this.#shares.every((partitions) => partitions > 0),
      evidence:
        this.#shares.length === 2
          ? `the group has two members, which have ${this.#shares.join(" and ")} partitions`
          : `after ${(probes * probeMs) / 1_000} s the group has ${this.#shares.length} members with partitions`,
    };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    await this.#twin!.stop();
    await this.#twin!.remove();
    return healedAtMs;
  }

  /** How many partitions each member of the group has, as soon as there are two that have any. */
  async #sharesOnceBothWork(): Promise<number[]> {
    return withAdmin(connectKafka(this.#stack), async (admin) => {
      let shares: number[] = [];
      for (let probe = 0; probe < probes && shares.length < 2; probe++) {
        await pause(probeMs, this.#signal);
        shares = await sharesOf(admin, this.#stack.pipeline.kafka!.group);
      }
      return shares;
    });
  }
}

async function sharesOf(admin: Admin, group: string): Promise<number[]> {
  const { groups } = await admin.describeGroups([group]);
  const shares = (groups[0]?.members ?? []).map(({ memberAssignment }) => {
    const assignment =
      memberAssignment.length === 0
        ? null
        : kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment);
    return Object.values(assignment?.assignment ?? {}).flat().length;
  });
  return shares.filter((partitions) => partitions > 0);
}
