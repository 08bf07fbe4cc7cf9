import { pause } from "../base/abortable-pause.ts";
import type { ProofFailure } from "../judge/proof-failure.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { isLasting, type Refusal } from "../sinks/refusal.ts";
import type { Sink } from "../sinks/sink.ts";
import { lastWords } from "./last-words.ts";
import type { Watching } from "./watching.ts";

const probeMs = 50;
const probeTimeoutMs = 5_000;
/** Enough to find an error above the trace of its stack. */
const logLines = 200;
const maxSampleLength = 200;
/** A shipper that has been refused and waits for its next try is given so many times as long. */
const patienceFactor = 2;

/** What following has shown by the time at which a sentinel is missing. */
type Followed = Pick<Watching, "refusal" | "isShipperHolding"> & {
  watch: Pick<Watching["watch"], "altered">;
};

/**
 * Waits until each source's sentinel has gone from end to end.
 *
 * @param hasArrived whether all of them have
 * @param followed what was seen, and answered, meanwhile
 * @returns why not; undefined if they have
 */
export async function proveEndToEnd(
  stack: Stack,
  sink: Sink,
  hasArrived: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
  followed: Followed,
): Promise<ProofFailure | undefined> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!hasArrived()) {
    for (const instance of stack.instances().toReversed()) {
      const state = await instance.findState();
      if (state === undefined) return { code: "gone", ...(await lastWordsOf(instance)) };
      if (!state.running)
        return { code: "ended", exitCode: state.exitCode, ...(await lastWordsOf(instance)) };
    }
    const { refusal } = followed;
    if (refusal !== undefined && isLasting(refusal, Date.now())) return unreadableBy(sink, refusal);
    const overdueMs = Date.now() - deadlineMs;
    const isWorthWaiting = followed.isShipperHolding && overdueMs < (patienceFactor - 1) * timeoutMs;
    if (overdueMs > 0 && !isWorthWaiting)
      return await timeoutFailure(stack, sink, timeoutMs + overdueMs, followed);
    await pause(probeMs, signal);
  }
  return undefined;
}

/** Blames the part nearest to the reader that is not ready: whatever comes before it cannot deliver. */
async function timeoutFailure(
  stack: Stack,
  sink: Sink,
  timeoutMs: number,
  { refusal, watch }: Followed,
): Promise<ProofFailure> {
  const { sink: part, consumer, gateway } = stack.pipeline;
  const afterSeconds = Math.round(timeoutMs / 1_000);
  if (refusal !== undefined && (refusal.error.status !== undefined || !(await sink.isReachable())))
    return unreadableBy(sink, refusal);
  if (part.reader !== "" && !(await sink.isReady()))
    return notReady(firstOf(stack, [part.reader]), afterSeconds);
  const services = [consumer, gateway].flatMap((part) =>
    part?.port === undefined ? [] : Object.keys(part.services),
  );
  for (const instance of stack.instances(services)) {
    if (!(await answers((await instance.address())?.url, "/ready"))) return notReady(instance, afterSeconds);
  }
  const shipper = firstOf(stack, servicesOf(stack.pipeline, "shipper"));
  return {
    code: "no-sentinel",
    ...(await lastWordsOf(shipper)),
    afterSeconds,
    unreadable: refusal === undefined ? null : unreadableBy(sink, refusal),
    discarded: (await sink.totals(0)).discarded,
    altered: watch.altered?.slice(0, maxSampleLength) ?? null,
  };
}

function firstOf(stack: Stack, services: string[]): Instance {
  return stack.instances(services)[0]!;
}

function unreadableBy(sink: Sink, { error }: Refusal): Extract<ProofFailure, { code: "unreadable" }> {
  return { code: "unreadable", problem: error.problem, hint: sink.hintFor(error) ?? null };
}

async function notReady(instance: Instance, afterSeconds: number): Promise<ProofFailure> {
  return { code: "not-ready", afterSeconds, ...(await lastWordsOf(instance)) };
}

async function answers(url: string | undefined, path: string): Promise<boolean> {
  if (url === undefined) return false;
  try {
    return (await fetch(url + path, { signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

async function lastWordsOf(instance: Instance): Promise<{ instance: string; lastWords: string }> {
  return { instance: instance.name, lastWords: lastWords(await instance.logs(logLines)) };
}
