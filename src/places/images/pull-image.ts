import type Docker from "dockerode";
import { UnavailableError } from "../../base/errors.ts";
import { engineEvents, engineMessage } from "./engine-events.ts";
import type { ImageOptions } from "./image-options.ts";
import { startProgress } from "./preparation-progress.ts";

const firstAnswerMs = 10_000;
const silenceMs = 60_000;
const totalMs = 20 * 60_000;

/**
 * Pulls an image. Fails if no registry answers within ten seconds, nothing is transferred for a minute, or twenty minutes have
 * passed; if the registry's name does not resolve, it fails at once.
 *
 * @param reference such as `grafana/promtail:3.6.4`
 * @throws UnavailableError with the engine's reason
 */
export async function pullImage(
  docker: Docker,
  reference: string,
  { onProgress, signal }: ImageOptions,
): Promise<void> {
  const limit = new AbortController();
  const giveUp = (message: string) => limit.abort(new UnavailableError(message));
  let silence = setTimeout(
    giveUp,
    firstAnswerMs,
    `the registry did not answer within ${firstAnswerMs / 1_000} s`,
  );
  const total = setTimeout(giveUp, totalMs, `it took longer than ${totalMs / 60_000} min`);
  const abortSignal = AbortSignal.any([signal, limit.signal]);
  const progress = startProgress(`pulling ${reference}`, onProgress);
  try {
    for await (const { id, status } of engineEvents(await docker.pull(reference, { abortSignal }))) {
      clearTimeout(silence);
      silence = setTimeout(giveUp, silenceMs, `nothing came for ${silenceMs / 1_000} s`);
      progress.note([status, id].join(" "));
    }
  } catch (thrown) {
    abortSignal.throwIfAborted();
    throw new UnavailableError(engineMessage(thrown), { cause: thrown });
  } finally {
    progress.end();
    clearTimeout(silence);
    clearTimeout(total);
  }
}
