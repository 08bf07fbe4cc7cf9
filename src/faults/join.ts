import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import kafkajs, { type Admin } from "kafkajs";
import { pause } from "../base/pause.ts";
import { serviceLabel } from "../places/compose/project.ts";
import type { Stack } from "../places/compose/stack.ts";
import { connectKafka, withAdmin } from "../products/kafka-admin.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

const probeMs = 200;
const joinTimeoutMs = 60_000;
/** A group that is dealing its partitions anew has none for a moment. */
const lookTimeoutMs = 10_000;

/** A second consumer of the same image, settings and networks joins the group, and leaves it in good order when the fault heals. */
export class Join implements Fault {
  readonly #stack: Stack;
  readonly #signal: AbortSignal;
  readonly #service: string;
  #twin: Docker.Container | undefined;

  constructor({ stack, signal }: FaultContext, service: string) {
    this.#stack = stack;
    this.#signal = signal;
    this.#service = service;
  }

  /** What is asked of it before it counts, in words. */
  static expected(service: string): string {
    return (
      `${service} and a second one like it: both are members of the group and have partitions, when the second has joined and still ` +
      "when it is to leave; lines are written meanwhile"
    );
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
      Labels: { ...config.Labels, [serviceLabel]: twinName },
      HostConfig: { Memory: hostConfig.Memory ?? 0, NetworkMode: network! },
    });
    for (const further of furtherNetworks)
      await docker.getNetwork(further).connect({ Container: this.#twin.id });
    await this.#twin.start();
    await this.#sharesOnceBothWork(joinTimeoutMs);
    return Date.now();
  }

  async prove(): Promise<Proof> {
    const shares = await this.#sharesOnceBothWork(lookTimeoutMs);
    const members = `the group has ${shares.length} members with partitions`;
    const { Running: isRunning, ExitCode: exitCode } = (await this.#twin!.inspect()).State;
    if (!isRunning)
      return {
        effective: false,
        evidence: `the second ${this.#service} ended with exit code ${exitCode}; ${members}`,
      };
    if (shares.length !== 2) return { effective: false, evidence: members };
    return {
      effective: true,
      evidence: `the group has two members, which have ${shares.join(" and ")} partitions`,
    };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    if ((await this.#twin!.inspect()).State.Running) await this.#twin!.stop();
    await this.#twin!.remove();
    return healedAtMs;
  }

  /** How many partitions each member of the group has, as soon as there are two that have any; one that has ended never will. */
  async #sharesOnceBothWork(timeoutMs: number): Promise<number[]> {
    return withAdmin(connectKafka(this.#stack), async (admin) => {
      for (const deadlineMs = Date.now() + timeoutMs; ; await pause(probeMs, this.#signal)) {
        const { Running: isRunning } = (await this.#twin!.inspect()).State;
        const shares = await sharesOf(admin, this.#stack.pipeline.kafka!.group);
        if (shares.length >= 2 || !isRunning || Date.now() > deadlineMs) return shares;
      }
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
