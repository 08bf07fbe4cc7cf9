import type { Admin } from "kafkajs";
import { pause } from "../base/abortable-pause.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";

const probeMs = 100;
const probeTimeoutMs = 5_000;
/** How long an instance that cannot be asked anything has to run before it counts as ready. */
const settledMs = 3_000;
const lastLines = 5;

/** Whether an instance works, asked in the way that it answers. */
export type Probe = () => Promise<boolean>;

/** An instance that did not become ready: why, with its last words. */
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
 * How to ask whether an instance works, found out while it does: a broker by all replicas of all partitions being in sync, another one by
 * `/ready` if that answers 200, and whatever has no such page by whether it goes on running for 3 s.
 */
export async function probeOf(stack: Stack, instance: Instance): Promise<Probe> {
  if (instance.service in (stack.pipeline.kafka?.services ?? {}))
    return () => isInSync(stack, instance.service);
  if (await isReady(instance)) return () => isReady(instance);
  return async () => Date.now() - (await instance.state()).startedAtMs > settledMs;
}

/**
 * Waits until an instance works.
 *
 * @returns when it did, in Unix milliseconds
 * @throws NotReadyError if its process ends, or time runs out
 * @throws the signal's reason if it aborts
 */
export async function awaitReady(
  instance: Instance,
  isReady: Probe,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number> {
  for (const deadlineMs = Date.now() + timeoutMs; ; await pause(probeMs, signal)) {
    const { running, exitCode } = await instance.state();
    if (!running) throw await notReady(instance, `ended by itself with exit code ${exitCode}`, true);
    if (await isReady()) return Date.now();
    if (Date.now() > deadlineMs)
      throw await notReady(instance, `was not ready within ${timeoutMs / 1_000} s`, false);
  }
}

/** What an instance wrote last, on one line. */
export async function lastWordsOf(instance: Instance): Promise<string> {
  const words = (await instance.logs(lastLines)).trim();
  return words === ""
    ? "(nothing)"
    : words
        .split("\n")
        .map((line) => line.trim())
        .join(" / ");
}

async function notReady(instance: Instance, what: string, hasEnded: boolean): Promise<NotReadyError> {
  const words = await lastWordsOf(instance);
  return new NotReadyError(`it ${what}, its last lines were: ${words}`, hasEnded);
}

async function isReady(instance: Instance): Promise<boolean> {
  const address = await instance.address();
  if (address === undefined) return false;
  try {
    return (await fetch(`${address.url}/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

/** The broker itself is asked, and answers only once it takes part; whoever goes next must not be the last replica of anything. */
async function isInSync(stack: Stack, service: string): Promise<boolean> {
  const broker = { services: { [service]: null }, port: stack.pipeline.kafka!.port };
  const isOfEveryTopic = async (admin: Admin) => {
    const { topics } = await admin.fetchTopicMetadata();
    return topics.every(({ partitions }) =>
      partitions.every(({ isr, replicas }) => isr.length === replicas.length),
    );
  };
  return askKafka(stack, isOfEveryTopic, broker).catch(() => false);
}
