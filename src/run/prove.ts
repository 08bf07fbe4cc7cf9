import { pause } from "../base/abortable-pause.ts";
import { messageOf } from "../base/errors.ts";
import type { DeafPort, ProofFailure } from "../judge/proof-failure.ts";
import { allPartsOf, servicesOf } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { isLasting, type Refusal } from "../sinks/refusal.ts";
import type { Sink } from "../sinks/sink.ts";
import { lastWordsOf, StartWatch } from "./start-watch.ts";
import type { Watching } from "./watching.ts";

const probeMs = 50;
const probeTimeoutMs = 5_000;
const maxSampleLength = 200;
/** If the shipper waits for a retry, the timeout is multiplied by this. */
const patienceFactor = 2;
/** By then a program listens at its ports, even if it does not answer there yet. */
const deafAfterMs = 15_000;

/** What the observers have seen so far. */
type Followed = Pick<Watching, "refusal" | "isShipperHolding"> & {
  watch: Pick<Watching["watch"], "altered">;
};

/**
 * Waits until each source's sentinel has passed through the whole pipeline. Ends early if waiting is useless.
 *
 * @param hasArrived whether all of them have
 * @param followed what the observers have seen so far
 * @returns why a sentinel did not arrive; undefined if all have
 */
export async function proveEndToEnd(
  stack: Stack,
  sink: Sink,
  hasArrived: () => boolean,
  timeoutMs: number,
  signal: AbortSignal,
  followed: Followed,
): Promise<ProofFailure | undefined> {
  const startedAtMs = Date.now();
  const starts = new StartWatch(stack);
  let isDeafKnown = false;
  while (!hasArrived()) {
    const ended = await starts.failure();
    if (ended !== undefined) return ended;
    const { refusal } = followed;
    // A container that is started again has no port until then; what becomes of it is told better by its own words.
    const isBetween = refusal?.error.problem.code === "unpublished" && starts.hasSeenRestarts;
    if (refusal !== undefined && !isBetween && isLasting(refusal, Date.now()))
      return unreadableBy(sink, refusal);
    const elapsedMs = Date.now() - startedAtMs;
    // A part that is started again and again has a port only now and then; its failure tells more.
    if (!isDeafKnown && elapsedMs > deafAfterMs && !starts.hasSeenRestarts) {
      isDeafKnown = true;
      const isSilent = refusal !== undefined && refusal.error.status === undefined;
      const deaf = isSilent ? await deafReader(stack) : undefined;
      if (deaf !== undefined) return notReady(deaf.instance, deaf.port, Math.round(elapsedMs / 1_000));
    }
    const isWorthWaiting = followed.isShipperHolding && elapsedMs < patienceFactor * timeoutMs;
    if (elapsedMs > timeoutMs && !isWorthWaiting)
      return await timeoutFailure(stack, sink, elapsedMs, followed);
    await pause(probeMs, signal);
  }
  return undefined;
}

/** Names the part nearest to the reader that is not ready, because the parts before it cannot deliver to it. */
async function timeoutFailure(
  stack: Stack,
  sink: Sink,
  elapsedMs: number,
  { refusal, watch }: Followed,
): Promise<ProofFailure> {
  const { sink: part, consumer, gateway } = stack.pipeline;
  const afterSeconds = Math.round(elapsedMs / 1_000);
  if (refusal !== undefined && (refusal.error.status !== undefined || !(await sink.isReachable())))
    return unreadableBy(sink, refusal);
  if (part.reader !== "" && !(await sink.isReady()))
    return notReady(firstOf(stack, [part.reader]), part.port, afterSeconds);
  const services = [consumer, gateway].flatMap((part) =>
    part?.port === undefined
      ? []
      : Object.keys(part.services).map((service) => [service, part.port] as const),
  );
  for (const [service, port] of services)
    for (const instance of stack.instances([service]))
      if (!(await readyAnswer(instance)).isReady) return notReady(instance, port, afterSeconds);
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

async function notReady(
  instance: Instance,
  port: number | undefined,
  afterSeconds: number,
): Promise<ProofFailure> {
  const deaf = await deafAt(instance, port);
  const { answer } = await readyAnswer(instance);
  return {
    code: "not-ready",
    afterSeconds,
    answer,
    ...(deaf !== undefined && { deaf }),
    ...(await lastWordsOf(instance)),
  };
}

/** The instance that answers queries, and the port at which it is asked, if it listens only at others. */
async function deafReader(stack: Stack): Promise<{ instance: Instance; port: number } | undefined> {
  const { reader } = stack.pipeline.sink;
  const [instance] = reader === "" ? [] : stack.instances([reader]);
  const part = allPartsOf(stack.pipeline).find(({ services }) => reader in services);
  const deaf = instance && (await deafAt(instance, part?.port));
  return deaf !== undefined && deaf.listening.length > 0
    ? { instance: instance!, port: deaf.port }
    : undefined;
}

/** Undefined if something listens at the port, or if the place cannot tell. */
async function deafAt(instance: Instance, port: number | undefined): Promise<DeafPort | undefined> {
  const listening = await instance.listeningPorts?.();
  if (port === undefined || listening === undefined || listening.includes(port)) return undefined;
  return { instance: instance.name, port, listening };
}

const notFound = 404;

/** What an instance answers when it is asked whether it is ready, in a few words. One that has no such page is not called unready. */
async function readyAnswer(instance: Instance): Promise<{ isReady: boolean; answer: string }> {
  const url = (await instance.address())?.url;
  if (url === undefined) return { isReady: false, answer: "had no address at this machine" };
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(probeTimeoutMs) });
    const text = (await response.text()).trim().slice(0, maxSampleLength);
    const isReady = response.ok || response.status === notFound;
    return { isReady, answer: `answered ${response.status}${text === "" ? "" : ` (${text})`}` };
  } catch (thrown) {
    const { cause } = thrown as { cause?: unknown };
    return { isReady: false, answer: `did not answer (${messageOf(cause ?? thrown)})` };
  }
}
