import type { Admin } from "kafkajs";
import { z } from "zod";
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

/** Why an instance did not become ready, with its last words: its process ended, or time ran out, which a busy machine can do to any. */
export const notReadySchema = z.discriminatedUnion("code", [
  z.object({ code: z.literal("ended"), exitCode: z.int(), lastWords: z.string() }),
  z.object({ code: z.literal("timed-out"), afterSeconds: z.number(), lastWords: z.string() }),
]);

type NotReady = z.infer<typeof notReadySchema>;

/** An instance that did not become ready. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
  readonly notReady: NotReady;

  constructor(notReady: NotReady) {
    super(describeNotReady(notReady));
    this.notReady = notReady;
  }
}

export function describeNotReady(notReady: NotReady): string {
  const what =
    notReady.code === "ended"
      ? `ended by itself with exit code ${notReady.exitCode}`
      : `was not ready within ${notReady.afterSeconds} s`;
  return `it ${what}, its last lines were: ${notReady.lastWords}`;
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
    if (!running)
      throw new NotReadyError({ code: "ended", exitCode, lastWords: await lastWordsOf(instance) });
    if (await isReady()) return Date.now();
    if (Date.now() <= deadlineMs) continue;
    const lastWords = await lastWordsOf(instance);
    throw new NotReadyError({ code: "timed-out", afterSeconds: timeoutMs / 1_000, lastWords });
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
