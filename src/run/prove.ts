import { pause } from "../pause.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";

const probeMs = 50;
const probeTimeoutMs = 5_000;
const logLines = 5;

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
 * @returns why not; undefined if they have
 */
export async function proveEndToEnd(
  stack: Stack,
  hasArrived: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
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
    if (Date.now() > deadlineMs) return await timeoutFailure(stack, timeoutMs);
    await pause(probeMs, signal);
  }
  return undefined;
}

/** Blames the part nearest to the reader that is not ready: whatever comes before it cannot deliver. */
async function timeoutFailure(stack: Stack, timeoutMs: number): Promise<ProofFailure> {
  const { loki, consumer, gateway } = stack.pipeline;
  const seconds = timeoutMs / 1_000;
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
  return await failureOf(stack, shipper, false, `delivered no sentinel within ${seconds} s`);
}

function firstOf(stack: Stack, services: string[]): string {
  return stack.instancesOf(services)[0]!;
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
  const lastWords = (await stack.logs(service, logLines)).trim() || "(nothing)";
  return {
    service,
    hasEnded,
    message: `The ${service} container ${what}. Its last lines were: ${lastWords}`,
  };
}
