import type { PartName } from "../stack/pipeline.ts";
import type { ContainerState } from "../stack/stack.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

/** `docker restart`: down for as long as the process needs to end and the engine to start it again. */
export class Restart implements Fault {
  readonly #world: FaultWorld;
  readonly #target: PartName;
  #before: ContainerState | undefined;
  #after: ContainerState | undefined;

  constructor(world: FaultWorld, target: PartName) {
    this.#world = world;
    this.#target = target;
  }

  async inject(): Promise<number> {
    this.#before = await this.#world.stack.state(this.#target);
    await this.#world.stack.container(this.#target).restart();
    this.#after = await this.#world.stack.state(this.#target);
    return this.#after.finishedAtMs;
  }

  async prove(): Promise<Proof> {
    const before = this.#before!;
    const after = this.#after!;
    const downSeconds = ((after.startedAtMs - after.finishedAtMs) / 1_000).toFixed(2);
    return {
      effective:
        before.running && after.running && before.pid !== after.pid && before.startedAtMs < after.startedAtMs,
      evidence: `pid ${before.pid} became ${after.pid}, down for ${downSeconds} s`,
    };
  }

  async heal(): Promise<number> {
    return this.#after!.startedAtMs;
  }
}
