import { type LoadPlan, type Rotation, type RotationMethod, shareOf } from "../load/load-plan.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

/** Log rotation by whoever writes, between two writes; takes no time and needs no healing. */
export class Rotate implements Fault {
  readonly #world: FaultContext;
  readonly #method: RotationMethod;
  #rotations: Rotation[] = [];
  #atMs = 0;

  constructor(world: FaultContext, method: RotationMethod) {
    this.#world = world;
    this.#method = method;
  }

  /** What is asked of it before it counts, in words. */
  static expected(method: RotationMethod): string {
    const how = method === "own" ? "rotated by the application itself" : `rotated by ${method}`;
    return `each source's file: ${how}, with lines in it, and lines still to come`;
  }

  async inject(): Promise<number> {
    this.#rotations = await this.#world.writer.rotate(this.#method);
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof> {
    return proofOf(this.#rotations, this.#world.writer.plan, this.#method);
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }
}

/** A rotation of a file without lines, or after the last one, puts nothing to the test. */
function proofOf(rotations: Rotation[], { lines, sources }: LoadPlan, method: RotationMethod): Proof {
  if (rotations.length === 0)
    return { effective: false, evidence: "nothing was rotated before the load ended" };
  const proofs = sources.map((source, index): Proof => {
    const rotation = rotations.find((candidate) => candidate.source === source);
    if (rotation === undefined) return { effective: false, evidence: `${source}.log was not rotated` };
    const { bytes, afterSequence } = rotation;
    const what = `${source}.log of ${bytes} bytes after line ${afterSequence}`;
    if (bytes === 0) return { effective: false, evidence: `${what}: it was empty` };
    if (afterSequence === 0) return { effective: false, evidence: `${what}: no line stood in it` };
    if (afterSequence >= shareOf(lines, index, sources.length))
      return { effective: false, evidence: `${what}: no line was to follow` };
    return { effective: true, evidence: what };
  });
  return {
    effective: proofs.every(({ effective }) => effective),
    evidence: `${method}: ${proofs.map(({ evidence }) => evidence).join(", ")}`,
  };
}
