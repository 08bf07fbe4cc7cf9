import type Docker from "dockerode";
import { messageOf, UsageError } from "../base/errors.ts";
import { pause } from "../base/pause.ts";
import { type Part, type Pipeline, partsRunning } from "../pipeline/pipeline.ts";
import type { ComposeModel } from "../places/compose/compose-model.ts";
import { logsOf } from "../places/compose/container.ts";
import { projectLabel } from "../places/compose/project.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import { resolvePartImage } from "../places/images/images.ts";
import type { ConfigCheck } from "./upgrade-document.ts";

/** The argument with which a part checks its configuration and exits, by the name of its image. */
const checkArguments: Record<string, string> = { loki: "-verify-config", promtail: "-check-syntax" };

const timeoutMs = 30_000;
const probeMs = 100;
const notInTime = `it did not end within ${timeoutMs / 1_000} s`;
const maxMessages = 10;
const keptLogLines = 200;

/** What checking needs in addition to the pipeline. */
export interface ConfigCheckOptions extends ImageOptions {
  /** The resolved Compose model of the pipeline's files. */
  model: ComposeModel;
  /** The Compose project that the containers belong to, so that they can be found by its label. */
  project: string;
}

/**
 * Has an image check the configuration of each service of a pipeline that runs it: in a separate container, with the command and the
 * configuration files of the pipeline, and without a network. Services with the same command and files are checked once.
 *
 * @param name the image's name; the pipeline has its version
 * @throws UnavailableError if the image is not available
 */
export async function checkConfiguration(
  docker: Docker,
  pipeline: Pipeline,
  name: string,
  options: ConfigCheckOptions,
): Promise<ConfigCheck[]> {
  const { deployment } = pipeline;
  if (deployment.kind !== "fixture")
    throw new UsageError("an upgrade can be tested on Everyline's own pipelines only.");
  const checks: ConfigCheck[] = [];
  const asked = new Set<string>();
  for (const part of partsRunning(pipeline, name)) {
    for (const service of Object.keys(part.services)) {
      const { command, volumes } = options.model.services[service]!;
      const key = JSON.stringify(command);
      if (asked.has(key)) continue;
      asked.add(key);
      const files = volumes.flatMap(({ type, source, target }) =>
        type === "bind" && source?.startsWith(pipeline.folder) && !target.startsWith("/logs")
          ? [`${source}:${target}:ro`]
          : [],
      );
      checks.push(await checkService(docker, pipeline.name, service, part, command ?? [], files, options));
    }
  }
  return checks;
}

async function checkService(
  docker: Docker,
  pipeline: string,
  service: string,
  { image }: Part,
  command: string[],
  files: string[],
  options: ConfigCheckOptions,
): Promise<ConfigCheck> {
  const { reference, id, version } = await resolvePartImage(docker, image!, options);
  const known = { pipeline, service, version: image!.reference ?? version };
  const argument = checkArguments[image!.name];
  if (argument === undefined) return { ...known, outcome: "unchecked", messages: [] };
  const container = await docker.createContainer({
    name: `${options.project}-check-${service}-${id.slice(7, 13)}`,
    Image: reference,
    Cmd: [...command, argument],
    User: "0",
    Labels: { [projectLabel]: options.project },
    HostConfig: { Binds: files, NetworkMode: "none" },
  });
  try {
    await container.start();
    const exitCode = await endOf(container, options.signal);
    const lines = (await logsOf(container, keptLogLines)).split("\n").filter((line) => line.trim() !== "");
    if (exitCode === 0) return { ...known, outcome: "accepted", messages: warningsIn(lines) };
    const last = lines.slice(-maxMessages);
    return exitCode === undefined
      ? { ...known, outcome: "unchecked", messages: [notInTime, ...last] }
      : { ...known, outcome: "refused", messages: last };
  } catch (thrown) {
    options.signal.throwIfAborted();
    return { ...known, outcome: "unchecked", messages: [messageOf(thrown)] };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** @returns its exit code; undefined if it did not end in time, because it does more than check or the machine is too busy */
async function endOf(container: Docker.Container, signal: AbortSignal): Promise<number | undefined> {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs) {
    const { State: state } = await container.inspect();
    if (state.Status === "exited") return state.ExitCode;
    await pause(probeMs, signal);
  }
  return undefined;
}

/** The output lines that are errors or warnings, unchanged. */
function warningsIn(lines: string[]): string[] {
  return lines.filter((line) => /level=(warn|error)|deprecat/i.test(line)).slice(0, maxMessages);
}
