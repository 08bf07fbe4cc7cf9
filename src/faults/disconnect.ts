import type { PartName } from "../stack/pipeline.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

/** `docker network disconnect`, and `connect` with the same aliases when the fault heals. */
export class Disconnect implements Fault {
  readonly #world: FaultWorld;
  readonly #target: PartName;
  #aliases: string[] = [];
  #networksBefore: string[] = [];

  constructor(world: FaultWorld, target: PartName) {
    this.#world = world;
    this.#target = target;
  }

  async inject(): Promise<number> {
    const { stack } = this.#world;
    const container = stack.container(this.#target);
    const { NetworkSettings: settings } = await container.inspect();
    this.#networksBefore = Object.keys(settings.Networks);
    this.#aliases = settings.Networks[stack.networkName]?.Aliases ?? [];
    await this.#network().disconnect({ Container: container.id });
    return Date.now();
  }

  async prove(): Promise<Proof> {
    const { running, networks } = await this.#world.stack.state(this.#target);
    const listOf = (names: string[]) => (names.length === 0 ? "none" : names.join(", "));
    return {
      // A container that is left on any other network is not cut off.
      effective: running && this.#networksBefore.length > 0 && networks.length === 0,
      evidence: `networks ${listOf(this.#networksBefore)} became ${listOf(networks)} while it ran`,
    };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    await this.#network().connect({
      Container: this.#world.stack.container(this.#target).id,
      // Without its aliases the service's name would no longer resolve.
      EndpointConfig: { Aliases: this.#aliases },
    });
    return healedAtMs;
  }

  #network() {
    return this.#world.stack.docker.getNetwork(this.#world.stack.networkName);
  }
}
