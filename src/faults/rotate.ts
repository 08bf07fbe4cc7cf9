import type { Rotation, RotationMethod } from "../load/load-plan.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

/** Log rotation by whoever writes, between two writes; takes no time and needs no healing. */
export class Rotate implements Fault {
  readonly #world: FaultWorld;
  readonly #method: RotationMethod;
  #rotations: Rotation[] = [];
  #atMs = 0;

  constructor(world: FaultWorld, method: RotationMethod) {
    this.#world = world;
    this.#method = method;
  }

  async inject(): Promise<number> {
    this.#rotations = await this.#world.writer.rotate(this.#method);
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof> {
    const each = this.#rotations.map(
      ({ source, bytes, afterSequence }) => `${source}.log of ${bytes} bytes after line ${afterSequence}`,
    );
    return {
      effective:
        each.length === this.#world.writer.plan.sources.length &&
        this.#rotations.every(({ bytes }) => bytes > 0),
      evidence:
        each.length === 0
          ? "nothing was rotated before the load ended"
          : `${this.#method}: ${each.join(", ")}`,
    };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }
}
