import { Worker } from "node:worker_threads";
import { UnavailableError } from "../../base/errors.ts";
import { moduleExtension } from "../../base/installation.ts";
import type { GatewayCommand, GatewayData, GatewayMessage, Pushed } from "./gateway-worker.ts";

/** A thread that pushes the lines of some sources. */
export class PushThread {
  /** Resolves when the first line of each source was acknowledged; rejects with an UnavailableError if one was not. */
  readonly ready: Promise<void>;
  /** What became of the lines; rejects with an UnavailableError if they could not be pushed. */
  readonly finished: Promise<Pushed>;
  readonly #worker: Worker;

  constructor(data: GatewayData) {
    const module = new URL(`gateway-worker${moduleExtension}`, import.meta.url);
    this.#worker = new Worker(module, { workerData: data });
    const ready = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<Pushed>();
    const fail = (message: string) => {
      const failure = new UnavailableError(`lines could not be pushed to the gateway: ${message}`);
      ready.reject(failure);
      finished.reject(failure);
    };
    this.#worker.on("error", ({ message }: Error) => fail(message));
    this.#worker.on("exit", () => fail("it was stopped"));
    this.#worker.on("message", (message: GatewayMessage) => {
      if (message.kind === "ready") ready.resolve();
      else if (message.kind === "done") finished.resolve(message.pushed);
      else fail(message.message);
    });
    this.ready = ready.promise;
    this.finished = finished.promise;
    // A rejection before anybody awaits a promise must not count as unhandled.
    for (const promise of [this.ready, this.finished]) promise.catch(() => {});
  }

  /** Begins to push the lines. */
  start(): void {
    this.#tell("start");
  }

  /** Gives up what is not acknowledged; has no effect after the end. */
  stop(): void {
    this.#tell("stop");
  }

  #tell(command: GatewayCommand): void {
    this.#worker.postMessage(command);
  }
}
