import type { Admin } from "kafkajs";
import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";

const probeMs = 100;
const probeTimeoutMs = 5_000;
/** How long an instance without a readiness page has to run before it counts as ready. */
const settledMs = 3_000;
const lastLines = 5;

/** Checks whether an instance works. */
export type Probe = () => Promise<boolean>;

/**
 * Why an instance did not become ready, with the last lines that it logged: its process ended, or it took too long, as it may on a busy machine.
 */
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
 * Returns the readiness probe of an instance that works now. A broker is ready when all replicas of all partitions are in sync. Another
 * instance is ready when `/ready` answers 200, or, if it has no such page, when it has been running for 3 s.
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

/** The last lines that an instance logged, joined to one line. */
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

/** Queries the broker itself, which answers only when it has joined. All replicas must be in sync, because the next broker is replaced then. */
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
