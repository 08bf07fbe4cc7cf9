import type Docker from "dockerode";
import { UnavailableError } from "../../base/errors.ts";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import { describeChange } from "../describe-change.ts";
import type { InstanceState } from "../instance.ts";
import type { MountProof, Stack as PlacedStack, StartOptions } from "../place.ts";
import type { StackImage } from "../stack-image.ts";
import { ComposeStack } from "./compose-stack.ts";
import type { ContainerState } from "./container.ts";
import { removeProject } from "./project.ts";
import { startCompose } from "./start-compose.ts";

/** A stack for those who do not ask through `Stack` of `places/place.ts` yet, which `placed` is. */
export class Stack {
  readonly placed: PlacedStack;

  constructor(placed: PlacedStack) {
    this.placed = placed;
  }

  static async up(docker: Docker, pipeline: Pipeline, options: StartOptions): Promise<Stack> {
    return new Stack(await startCompose(docker, pipeline, options));
  }

  get #compose(): ComposeStack {
    if (this.placed instanceof ComposeStack) return this.placed;
    throw new RangeError("this is possible with the container engine only");
  }

  get docker(): Docker {
    return this.#compose.docker;
  }

  get pipeline(): Pipeline {
    return this.placed.pipeline;
  }

  get project(): string {
    return this.#compose.project;
  }

  get images(): StackImage[] {
    return [...this.placed.images];
  }

  get services(): string[] {
    return [...this.placed.services];
  }

  get instances(): string[] {
    return this.placed.instances().map(({ name }) => name);
  }

  instancesOf(services: string[]): string[] {
    return this.placed.instances(services).map(({ name }) => name);
  }

  async changes(services: string[]): Promise<string[]> {
    return (await this.placed.changes(services)).map(describeChange);
  }

  container(instance: string): Docker.Container {
    return this.#compose.instance(instance).container;
  }

  async state(instance: string): Promise<ContainerState> {
    const state = await this.placed.instance(instance).state();
    return { ...state, finishedAtMs: state.endedAtMs, networks: await this.#networksOf(instance) };
  }

  async findState(instance: string): Promise<InstanceState | undefined> {
    return this.placed.instance(instance).findState();
  }

  async #networksOf(instance: string): Promise<string[]> {
    if (!(this.placed instanceof ComposeStack)) return [];
    return Object.keys((await this.container(instance).inspect()).NetworkSettings.Networks);
  }

  async port(instance: string): Promise<number | undefined> {
    return (await this.placed.instance(instance).address())?.port;
  }

  async urlsAt(instance: string, ports: readonly number[]): Promise<Map<number, string>> {
    const addresses = await this.placed.instance(instance).addresses(ports);
    return new Map([...addresses].map(([port, { url }]) => [port, url]));
  }

  async url(instance: string): Promise<string | undefined> {
    return (await this.placed.instance(instance).address())?.url;
  }

  async replace(service: string, image: Omit<StackImage, "service">): Promise<void> {
    const { replace } = this.placed.instance(service);
    if (replace === undefined)
      throw new UnavailableError(`${service} is no container of Everyline's, which replaces no other.`);
    await replace(image);
  }

  async lokiUrl(): Promise<string | undefined> {
    const { access, reader } = this.pipeline.loki;
    if (access?.url !== undefined) return access.url;
    for (const instance of this.instancesOf([reader])) {
      const url = await this.url(instance);
      if (url !== undefined) return `${url}${access?.path ?? ""}`;
    }
    return undefined;
  }

  async secrets(): Promise<string[]> {
    return this.placed.secrets();
  }

  get notes(): readonly string[] {
    return this.placed.notes;
  }

  async proveMounts(): Promise<MountProof> {
    return (await this.placed.proveMounts?.()) ?? { differences: [], written: [], unchecked: 0 };
  }

  networkName(network: string): string {
    return this.#compose.links.networkName(network);
  }

  async logs(instance: string, tail: number): Promise<string> {
    return this.placed.instance(instance).logs(tail);
  }

  async killAtOnce(instances: string[]): Promise<void> {
    await this.placed.killAtOnce!(instances.map((name) => this.placed.instance(name)));
  }

  async down(): Promise<void> {
    await removeProject(this.docker, this.project);
  }
}
