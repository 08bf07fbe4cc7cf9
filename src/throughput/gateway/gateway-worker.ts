import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../base/errors.ts";
import type { LineClock } from "../../load/line.ts";
import { LineEncoder } from "../../load/line-encoder.ts";
import { LineBatches } from "./line-batches.ts";
import { PushStream, type StreamResult } from "./push-stream.ts";

/** How long the first lines may take until they are acknowledged. */
const proofTimeoutMs = 60_000;

/** What is pushed, and where. */
export interface GatewayData {
  /** Where the gateways are reached; sources push to them in turn. */
  urls: string[];
  seed: string;
  clock: LineClock;
  /** The sources, each with the label string of its stream and the number of its lines. */
  sources: { source: string; labels: string; lines: number }[];
  /** For how long lines are due, and for how long after that they may be pushed and then be acknowledged, in milliseconds. */
  durationMs: number;
  lagBoundMs: number;
  drainMs: number;
}

/** What became of the lines. */
export interface Pushed {
  startedAtMs: number;
  /** In the order of the sources. */
  streams: StreamResult[];
  /** The share of the time in which the busiest thread was busy while lines were due, from 0 to 1. */
  busy: number;
  /** Whether pushes were given up that had neither been acknowledged nor refused for good. */
  isCutOff: boolean;
}

/** A message from the worker: every sentinel is acknowledged, the lines are pushed, or why it failed. */
export type GatewayMessage =
  | { kind: "ready" }
  | { kind: "done"; pushed: Pushed }
  | { kind: "failed"; message: string };

export type GatewayCommand = "start" | "stop";

/** Pushes the lines of all sources, each as one Promtail does. */
class GatewayLoad {
  readonly #data: GatewayData;
  readonly #streams: PushStream[];
  readonly #stop = new AbortController();
  #lastPushMs = Number.POSITIVE_INFINITY;

  constructor(data: GatewayData) {
    const { urls, seed, clock, sources } = data;
    this.#data = data;
    const encoders = LineEncoder.ofSources(
      { seed, clock },
      sources.map(({ source }) => source),
    );
    this.#streams = sources.map(({ labels, lines }, index) => {
      const batches = new LineBatches(encoders[index]!, clock, labels);
      const { linesPerSecond } = clock;
      const url = urls[index % urls.length]!;
      const { signal } = this.#stop;
      const lastPushMs = () => this.#lastPushMs;
      return new PushStream({ url, lines, linesPerSecond, lastPushMs, signal }, batches);
    });
  }

  async prove(): Promise<void> {
    const givingUp = setTimeout(() => this.stop(), proofTimeoutMs);
    await Promise.all(this.#streams.map((stream) => stream.prove()));
    clearTimeout(givingUp);
  }

  async run(): Promise<Pushed> {
    const { durationMs, lagBoundMs, drainMs } = this.#data;
    const startedAtMs = Date.now();
    this.#lastPushMs = startedAtMs + durationMs + lagBoundMs;
    const before = performance.eventLoopUtilization();
    let busy: number | undefined;
    const noteBusy = () => {
      busy ??= performance.eventLoopUtilization(before).utilization;
    };
    const due = setTimeout(noteBusy, durationMs);
    const givingUp = setTimeout(() => this.stop(), durationMs + lagBoundMs + drainMs);
    await Promise.all(this.#streams.map((stream) => stream.run(startedAtMs)));
    noteBusy();
    clearTimeout(due);
    clearTimeout(givingUp);
    const streams = this.#streams.map(({ result }) => result);
    return { startedAtMs, streams, busy: busy!, isCutOff: this.#stop.signal.aborted };
  }

  stop(): void {
    this.#stop.abort();
  }

  async close(): Promise<void> {
    await Promise.all(this.#streams.map((stream) => stream.close()));
  }
}

function tell(message: GatewayMessage): void {
  parentPort!.postMessage(message);
}

const load = new GatewayLoad(workerData as GatewayData);

/** Does something, and ends the thread if that fails. */
async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    tell({ kind: "failed", message: messageOf(thrown) });
    await end();
  }
}

async function end(): Promise<void> {
  load.stop();
  await load.close();
  parentPort!.close();
}

parentPort!.on("message", (command: GatewayCommand) =>
  guarded(async () => {
    if (command === "stop") return end();
    tell({ kind: "done", pushed: await load.run() });
    await end();
  }),
);
await guarded(async () => {
  await load.prove();
  tell({ kind: "ready" });
});
