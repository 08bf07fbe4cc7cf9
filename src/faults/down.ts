import type { PartName } from "../stack/pipeline.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

/** How a container is brought down. */
export type DownMethod = "kill" | "stop";

/** `docker kill` or `docker stop`, and `docker start` when the fault heals. */
export class Down implements Fault {
  readonly #world: FaultWorld;
  readonly #target: PartName;
  readonly #method: DownMethod;
  #pidBefore = 0;

  constructor(world: FaultWorld, target: PartName, method: DownMethod) {
    this.#world = world;
    this.#target = target;
    this.#method = method;
  }

  async inject(): Promise<number> {
    const { stack } = this.#world;
    this.#pidBefore = (await stack.state(this.#target)).pid;
    const container = stack.container(this.#target);
    await (this.#method === "kill" ? container.kill({ signal: "SIGKILL" }) : container.stop());
    // The engine answers a kill before the process has gone.
    await container.wait();
    return (await stack.state(this.#target)).finishedAtMs;
  }

  async prove(): Promise<Proof> {
    const { running, exitCode } = await this.#world.stack.state(this.#target);
    const wasKilled = exitCode === 137;
    return {
      effective: this.#pidBefore > 0 && !running && (this.#method === "stop" || wasKilled),
      evidence: running
        ? `pid ${this.#pidBefore} was to end but the container runs`
        : `pid ${this.#pidBefore} ended with exit code ${exitCode}${wasKilled ? " (SIGKILL)" : ""}`,
    };
  }

  async heal(): Promise<number> {
    const { stack } = this.#world;
    await stack.container(this.#target).start();
    return (await stack.state(this.#target)).startedAtMs;
  }
}
