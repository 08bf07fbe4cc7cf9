import { setTimeout } from "node:timers/promises";
import type { ProofFailure } from "../judge/proof-failure.ts";
import type { Instance, InstanceState } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { lastWords } from "./last-words.ts";

/** Enough lines to include the error message above a stack trace. */
const logLines = 200;
/** How often an instance is started again by its place before that counts as a loop. */
const loopStarts = 3;
const loopMs = 3_000;
/** A program may end until a broker or a store that it needs is up. */
const loopMsWithOthers = 20_000;

/** The exit code of a process that was killed. An engine may tell only a moment later that its memory was used up. */
const killedCode = 137;
const memoryLooks = 5;
const memoryProbeMs = 100;

/** What was seen of an instance so far. */
interface Seen {
  incarnation: string;
  /** How often it was started again. */
  starts: number;
  sinceMs: number;
  /** The last exit code other than 0; the engine forgets it as soon as the process runs again. */
  exitCode: number | null;
  isOutOfMemory: boolean;
}

/** Watches, until the lines have come through for the first time, whether the instances of a stack keep running. */
export class StartWatch {
  readonly #stack: Stack;
  readonly #now: () => number;
  readonly #seen = new Map<string, Seen>();

  constructor(stack: Stack, now: () => number = Date.now) {
    this.#stack = stack;
    this.#now = now;
  }

  /** Whether an instance has ended and was started again. */
  get hasSeenRestarts(): boolean {
    return [...this.#seen.values()].some(({ starts }) => starts > 0);
  }

  /** Why waiting is useless: an instance is gone, has ended, or is started again and again. Undefined if none is. */
  async failure(): Promise<ProofFailure | undefined> {
    for (const instance of this.#stack.instances().toReversed()) {
      const state = await instance.findState();
      if (state === undefined) return { code: "gone", ...(await lastWordsOf(instance)) };
      const failure = await this.#failureOf(instance, state);
      if (failure !== undefined) return failure;
    }
    for (const instance of this.#stack.companions ?? []) {
      const state = await instance.findState();
      // What has done its work and ended, such as one that creates buckets, may also be gone.
      if (state === undefined || (!state.running && state.exitCode === 0)) continue;
      const failure = await this.#failureOf(instance, state);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  async #failureOf(instance: Instance, seen: InstanceState): Promise<ProofFailure | undefined> {
    const state = await whenMemoryIsTold(instance, seen);
    const { running, exitCode } = state;
    const { starts, sinceMs, ...last } = this.#noted(instance.name, state);
    const memory = last.isOutOfMemory ? { isOutOfMemory: true } : {};
    if (!running) return { code: "ended", exitCode, ...memory, ...(await lastWordsOf(instance)) };
    const overMs = this.#now() - sinceMs;
    if (starts < loopStarts || overMs < this.#patienceMs) return undefined;
    const figures = { starts, afterSeconds: Math.round(overMs / 1_000), exitCode: last.exitCode, ...memory };
    return { code: "crash-loop", ...figures, ...(await lastWordsOf(instance)) };
  }

  #noted(name: string, { incarnation, exitCode, isOutOfMemory = false }: InstanceState): Seen {
    const before = this.#seen.get(name);
    const isAnother = before !== undefined && before.incarnation !== incarnation;
    const seen = {
      incarnation,
      starts: (before?.starts ?? 0) + (isAnother ? 1 : 0),
      sinceMs: before?.sinceMs ?? this.#now(),
      exitCode: exitCode === 0 ? (before?.exitCode ?? null) : exitCode,
      isOutOfMemory: isOutOfMemory || (before?.isOutOfMemory ?? false),
    };
    this.#seen.set(name, seen);
    return seen;
  }

  get #patienceMs(): number {
    const { pipeline, companions } = this.#stack;
    const needsOthers = pipeline.kafka !== undefined || (companions?.length ?? 0) > 0;
    return needsOthers ? loopMsWithOthers : loopMs;
  }
}

async function whenMemoryIsTold(instance: Instance, seen: InstanceState): Promise<InstanceState> {
  const isOpen = ({ running, exitCode, isOutOfMemory }: InstanceState) =>
    !running && exitCode === killedCode && isOutOfMemory === false;
  let state = seen;
  for (let look = 0; look < memoryLooks && isOpen(state); look++) {
    await setTimeout(memoryProbeMs);
    state = (await instance.findState()) ?? state;
  }
  return state;
}

/** The last lines that an instance logged, with its name. */
export async function lastWordsOf(instance: Instance): Promise<{ instance: string; lastWords: string }> {
  return { instance: instance.name, lastWords: lastWords(await instance.logs(logLines)) };
}
