import { pause } from "../base/abortable-pause.ts";
import { capitalized } from "../base/capitalized.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import { sinkName } from "../pipeline/sink-kind.ts";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { describeRefusal, isLasting, type Refusal } from "../sinks/refusal.ts";
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

/** Why a sentinel did not arrive. */
export interface ProofFailure {
  service: string;
  /** Whether the part's process ended, so that it will never arrive. */
  hasEnded: boolean;
  /** A sentence, with the last words of the part. */
  message: string;
}

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
      if (state === undefined)
        return await failureOf(instance, true, "is gone: something removed or replaced it");
      if (!state.running)
        return await failureOf(instance, true, `ended by itself with exit code ${state.exitCode}`);
    }
    const { refusal } = followed;
    if (refusal !== undefined && isLasting(refusal, Date.now())) return refusalFailure(stack, sink, refusal);
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
  const seconds = Math.round(timeoutMs / 1_000);
  if (refusal !== undefined && (refusal.error.status !== undefined || !(await sink.isReachable())))
    return refusalFailure(stack, sink, refusal);
  if (part.reader !== "" && !(await sink.isReady()))
    return await failureOf(firstOf(stack, [part.reader]), false, `was not ready within ${seconds} s`);
  const services = [consumer, gateway].flatMap((part) =>
    part?.port === undefined ? [] : Object.keys(part.services),
  );
  for (const instance of stack.instances(services)) {
    if (!(await answers((await instance.address())?.url, "/ready")))
      return await failureOf(instance, false, `was not ready within ${seconds} s`);
  }
  const shipper = firstOf(stack, servicesOf(stack.pipeline, "shipper"));
  const failure = await failureOf(shipper, false, `delivered no sentinel within ${seconds} s`);
  const known = [
    refusal && describeRefusal(refusal, sink),
    describeDiscarded(sink, (await sink.totals(0)).discarded),
    watch.altered && describeAltered(sink, watch.altered),
  ].filter((text) => text !== undefined);
  return { ...failure, message: [...known, failure.message].join(" ") };
}

function firstOf(stack: Stack, services: string[]): Instance {
  return stack.instances(services)[0]!;
}

function refusalFailure({ pipeline }: Stack, sink: Sink, refusal: Refusal): ProofFailure {
  return { service: pipeline.sink.reader, hasEnded: false, message: describeRefusal(refusal, sink) };
}

/** What the sink counts as refused, in a sentence; undefined if nothing. */
function describeDiscarded(sink: Sink, discarded: Record<string, number>): string | undefined {
  const reasons = Object.entries(discarded).map(([reason, lines]) => {
    const why = sink.meaningOf(reason);
    return `${lines} lines for ${reason}${why === undefined ? "" : ` (${why})`}`;
  });
  return reasons.length === 0
    ? undefined
    : `${capitalized(sinkName(sink.kind))} has refused ${reasons.join(", and ")}.`;
}

function describeAltered({ kind }: Sink, text: string): string {
  const shown = JSON.stringify(text.slice(0, maxSampleLength));
  return `Lines of the run do come to ${sinkName(kind)}, but not as they were written, byte for byte: ${shown}.`;
}

async function answers(url: string | undefined, path: string): Promise<boolean> {
  if (url === undefined) return false;
  try {
    return (await fetch(url + path, { signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

async function failureOf(instance: Instance, hasEnded: boolean, what: string): Promise<ProofFailure> {
  const words = lastWords(await instance.logs(logLines));
  return {
    service: instance.name,
    hasEnded,
    message: `The ${instance.name} container ${what}. Its last lines were: ${words}`,
  };
}
