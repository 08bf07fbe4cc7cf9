import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import { pause } from "../../base/abortable-pause.ts";
import { UnavailableError } from "../../base/errors.ts";
import { endCompose } from "./end-compose.ts";
import { projectLabel } from "./project.ts";

const checkMs = 10_000;
const lookMs = 200;
const maxLooks = 25;

/**
 * Carries out a command of Compose, which waits for ever where the engine hangs. So the engine is asked meanwhile about the containers of
 * the project, and if it does not answer within the limit of the client, the command is ended.
 *
 * @throws what the command throws; UnavailableError if the engine does not answer
 */
export async function whileEngineAnswers(
  docker: Docker,
  project: string,
  command: () => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const carriedOut = command().finally(() => ended.abort());
  const silence = silenceAbout(docker, project, ended.signal);
  const outcome = await Promise.race([carriedOut, silence]);
  if (outcome === undefined) return carriedOut;
  const over = carriedOut.catch(() => {}).then(() => true);
  // What started the command may start another one to take down what is there, which would hang as well.
  for (let look = 0; look < maxLooks; look++) {
    await endCompose(project);
    if (await Promise.race([over, setTimeout(lookMs, false)])) break;
  }
  throw outcome;
}

/** Resolves only if the engine does not answer, and not at all before the command has ended otherwise. */
async function silenceAbout(
  docker: Docker,
  project: string,
  ended: AbortSignal,
): Promise<UnavailableError | undefined> {
  while (!ended.aborted) {
    await pause(checkMs, ended).catch(() => undefined);
    try {
      const containers = await docker.listContainers({
        all: true,
        filters: { label: [`${projectLabel}=${project}`] },
      });
      await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
    } catch (thrown) {
      // Any other error says that the engine answers, or is gone, and then the command says so itself.
      if (thrown instanceof UnavailableError) return thrown;
    }
  }
  return undefined;
}
