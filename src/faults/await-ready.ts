import { pause } from "../base/pause.ts";
import { logsOf } from "../places/compose/container.ts";
import type { Stack } from "../places/compose/stack.ts";
import { connectKafka, withAdmin } from "../products/kafka-admin.ts";

const probeMs = 100;
const probeTimeoutMs = 5_000;
/** How long one runs that nothing can be asked of before it counts as ready. */
const settledMs = 3_000;
const lastLines = 5;

/** Whether a service works, asked in the way that it answers. */
export type Probe = () => Promise<boolean>;

/** A container that did not become ready: why, with its last words. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
  /** Whether its process ended; else it runs, and time ran out, which a busy machine can do to any. */
  readonly hasEnded: boolean;

  constructor(message: string, hasEnded: boolean) {
    super(message);
    this.hasEnded = hasEnded;
  }
}

/**
 * How to ask whether a service works, found out while it does: a broker by all replicas of all partitions being in sync, another one by
 * `/ready` if that answers 200, and whatever has no such page by whether it goes on running for 3 s.
 */
export async function probeOf(stack: Stack, service: string): Promise<Probe> {
  if (service in (stack.pipeline.kafka?.services ?? {})) return () => isInSync(stack, service);
  if (await isReady(stack, service)) return () => isReady(stack, service);
  return async () => Date.now() - (await stack.state(service)).startedAtMs > settledMs;
}

/**
 * Waits until a service works.
 *
 * @returns when it did, in Unix milliseconds
 * @throws NotReadyError if its process ends, or time runs out
 * @throws the signal's reason if it aborts
 */
export async function awaitReady(
  stack: Stack,
  service: string,
  isReady: Probe,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number> {
  for (const deadlineMs = Date.now() + timeoutMs; ; await pause(probeMs, signal)) {
    const { running, exitCode } = await stack.state(service);
    if (!running) throw await notReady(stack, service, `ended by itself with exit code ${exitCode}`, true);
    if (await isReady()) return Date.now();
    if (Date.now() > deadlineMs)
      throw await notReady(stack, service, `was not ready within ${timeoutMs / 1_000} s`, false);
  }
}

/** What a container wrote last, on one line. */
export async function lastWordsOf(stack: Stack, service: string): Promise<string> {
  const words = (await logsOf(stack.container(service), lastLines)).trim();
  return words === ""
    ? "(nothing)"
    : words
        .split("\n")
        .map((line) => line.trim())
        .join(" / ");
}

async function notReady(
  stack: Stack,
  service: string,
  what: string,
  hasEnded: boolean,
): Promise<NotReadyError> {
  const words = await lastWordsOf(stack, service);
  return new NotReadyError(`it ${what}, its last lines were: ${words}`, hasEnded);
}

async function isReady(stack: Stack, service: string): Promise<boolean> {
  const url = await stack.url(service);
  if (url === undefined) return false;
  try {
    return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

/** The broker itself is asked, and answers only once it takes part; whoever goes next must not be the last replica of anything. */
async function isInSync(stack: Stack, service: string): Promise<boolean> {
  const { port } = stack.pipeline.kafka!;
  try {
    return await withAdmin(connectKafka(stack, { services: { [service]: null }, port }), async (admin) => {
      const { topics } = await admin.fetchTopicMetadata();
      return topics.every(({ partitions }) =>
        partitions.every(({ isr, replicas }) => isr.length === replicas.length),
      );
    });
  } catch {
    return false;
  }
}
