import { request } from "undici";
import type { Instance } from "../places/instance.ts";

const timeoutMs = 2_000;

/** A fault that is in force. */
interface Fault {
  kind: string;
  target: string;
}

/**
 * Tells the receiver of alerts which faults are in force. It shows them to Prometheus as `everyline_fault_active`, for the annotations of
 * dashboards. Nothing else depends on it, so a fault that cannot be told is left out.
 */
export class ShownFaults {
  readonly #receiver: Instance;
  #shown = new Map<string, Fault>();
  /** The requests so far, one after the other, so that an end never comes before its beginning. */
  #told: Promise<void> = Promise.resolve();

  constructor(receiver: Instance) {
    this.#receiver = receiver;
  }

  /** @param inForce all faults that are in force now */
  show(inForce: readonly Fault[]): void {
    const wanted = new Map(inForce.map((fault) => [`${fault.kind} ${fault.target}`, fault]));
    const begun = [...wanted].filter(([id]) => !this.#shown.has(id));
    const ended = [...this.#shown.keys()].filter((id) => !wanted.has(id));
    this.#shown = wanted;
    for (const [id, { kind, target }] of begun) this.#tell("PUT", id, JSON.stringify({ kind, target }));
    for (const id of ended) this.#tell("DELETE", id);
  }

  /** Resolves when everything was told, or could not be told. */
  get told(): Promise<void> {
    return this.#told;
  }

  #tell(method: "PUT" | "DELETE", id: string, body?: string): void {
    this.#told = this.#told
      .then(async () => {
        const address = await this.#receiver.address();
        if (address === undefined) return;
        const answer = await request(`${address.url}/faults/${encodeURIComponent(id)}`, {
          method,
          ...(body !== undefined && { body, headers: { "content-type": "application/json" } }),
          signal: AbortSignal.timeout(timeoutMs),
          reset: true,
        });
        await answer.body.dump();
      })
      .catch(() => {});
  }
}
