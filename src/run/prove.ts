import { pause } from "../base/pause.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/compose/stack.ts";
import { lokiTotals } from "../sinks/loki/loki-totals.ts";
import { describeRefusal, isLasting, type Refusal } from "../sinks/loki/refusal.ts";
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
  hasArrived: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
  followed: Followed,
): Promise<ProofFailure | undefined> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!hasArrived()) {
    for (const instance of stack.instances.toReversed()) {
      const state = await stack.findState(instance);
      if (state === undefined)
        return await failureOf(stack, instance, true, "is gone: something removed or replaced it");
      if (!state.running)
        return await failureOf(stack, instance, true, `ended by itself with exit code ${state.exitCode}`);
    }
    const { refusal } = followed;
    if (refusal !== undefined && isLasting(refusal, Date.now())) return refusalFailure(stack, refusal);
    const overdueMs = Date.now() - deadlineMs;
    const isWorthWaiting = followed.isShipperHolding && overdueMs < (patienceFactor - 1) * timeoutMs;
    if (overdueMs > 0 && !isWorthWaiting) return await timeoutFailure(stack, timeoutMs + overdueMs, followed);
    await pause(probeMs, signal);
  }
  return undefined;
}

/** Blames the part nearest to the reader that is not ready: whatever comes before it cannot deliver. */
async function timeoutFailure(
  stack: Stack,
  timeoutMs: number,
  { refusal, watch }: Followed,
): Promise<ProofFailure> {
  const { loki, consumer, gateway } = stack.pipeline;
  const seconds = Math.round(timeoutMs / 1_000);
  if (refusal !== undefined && (refusal.error.status !== undefined || (await stack.lokiUrl()) === undefined))
    return refusalFailure(stack, refusal);
  if (
    loki.reader !== "" &&
    !(await answers(await stack.lokiUrl(), "/loki/api/v1/labels", loki.access?.headers))
  )
    return await failureOf(stack, firstOf(stack, [loki.reader]), false, `was not ready within ${seconds} s`);
  const services = [consumer, gateway].flatMap((part) =>
    part?.port === undefined ? [] : Object.keys(part.services),
  );
  for (const instance of stack.instancesOf(services)) {
    if (!(await answers(await stack.url(instance), "/ready")))
      return await failureOf(stack, instance, false, `was not ready within ${seconds} s`);
  }
  const shipper = firstOf(stack, servicesOf(stack.pipeline, "shipper"));
  const failure = await failureOf(stack, shipper, false, `delivered no sentinel within ${seconds} s`);
  const known = [
    refusal && describeRefusal(refusal, stack.pipeline),
    describeDiscarded((await lokiTotals(stack, 0)).discarded),
    watch.altered && describeAltered(watch.altered),
  ].filter((text) => text !== undefined);
  return { ...failure, message: [...known, failure.message].join(" ") };
}

function firstOf(stack: Stack, services: string[]): string {
  return stack.instancesOf(services)[0]!;
}

function refusalFailure({ pipeline }: Stack, refusal: Refusal): ProofFailure {
  return { service: pipeline.loki.reader, hasEnded: false, message: describeRefusal(refusal, pipeline) };
}

/** What each of Loki's reasons means where clocks differ; the others speak for themselves. */
const clockReasons: Record<string, string> = {
  too_far_in_future:
    "their timestamps are too new: the clock by which they are stamped is ahead of Loki's by more than its creation_grace_period, 10 min unless told otherwise",
  greater_than_max_sample_age:
    "their timestamps are too old: older than its reject_old_samples_max_age, a week unless told otherwise",
  too_far_behind: "their timestamps are too far behind the newest of their stream",
};

/** What Loki counts as refused, in a sentence; undefined if nothing. */
function describeDiscarded(discarded: Record<string, number>): string | undefined {
  const reasons = Object.entries(discarded).map(([reason, lines]) => {
    const why = clockReasons[reason];
    return `${lines} lines for ${reason}${why === undefined ? "" : ` (${why})`}`;
  });
  return reasons.length === 0 ? undefined : `Loki has refused ${reasons.join(", and ")}.`;
}

function describeAltered(text: string): string {
  const shown = JSON.stringify(text.slice(0, maxSampleLength));
  return `Lines of the run do come to Loki, but not as they were written, byte for byte: ${shown}.`;
}

async function answers(
  url: string | undefined,
  path: string,
  headers: Record<string, string> = {},
): Promise<boolean> {
  if (url === undefined) return false;
  try {
    return (await fetch(url + path, { headers, signal: AbortSignal.timeout(probeTimeoutMs) })).ok;
  } catch {
    return false;
  }
}

async function failureOf(
  stack: Stack,
  service: string,
  hasEnded: boolean,
  what: string,
): Promise<ProofFailure> {
  const words = lastWords(await stack.logs(service, logLines));
  return {
    service,
    hasEnded,
    message: `The ${service} container ${what}. Its last lines were: ${words}`,
  };
}
