import { pause } from "../pause.ts";
import type { PartName } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";

const probeMs = 50;
const logLines = 5;

/** Why a sentinel did not arrive. */
export interface ProofFailure {
  part: PartName;
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
    for (const part of ["loki", "shipper"] as const) {
      const { running, exitCode } = await stack.state(part);
      if (!running) return await failureOf(stack, part, true, `ended by itself with exit code ${exitCode}`);
    }
    if (Date.now() > deadlineMs) return await timeoutFailure(stack, timeoutMs);
    await pause(probeMs, signal);
  }
  return undefined;
}

async function timeoutFailure(stack: Stack, timeoutMs: number): Promise<ProofFailure> {
  const seconds = timeoutMs / 1_000;
  const isReady = await isLokiReady(stack);
  if (!isReady) return await failureOf(stack, "loki", false, `was not ready within ${seconds} s`);
  return await failureOf(stack, "shipper", false, `delivered no sentinel within ${seconds} s`);
}

async function isLokiReady(stack: Stack): Promise<boolean> {
  const url = await stack.url("loki");
  if (url === undefined) return false;
  try {
    return (await fetch(`${url}/loki/api/v1/labels`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
}

async function failureOf(
  stack: Stack,
  part: PartName,
  hasEnded: boolean,
  what: string,
): Promise<ProofFailure> {
  const { service } = stack.pipeline[part];
  const lastWords = (await stack.logs(part, logLines)).trim() || "(nothing)";
  return { part, hasEnded, message: `The ${service} container ${what}. Its last lines were: ${lastWords}` };
}
