import type Docker from "dockerode";
import { pause } from "../../base/abortable-pause.ts";
import type { ImageOptions } from "../images/image-options.ts";
import { resolvePartImage } from "../images/images.ts";
import type { ProgramEnd, ProgramSpec } from "../place.ts";
import { logsOf } from "./container.ts";
import { projectLabel, projectName } from "./project.ts";

const probeMs = 100;
const keptLogLines = 200;

/** Runs a program to its end in a separate container without a network, and removes the container. */
export async function runProgram(
  docker: Docker,
  runId: string,
  { name, image, command, files, timeoutMs }: ProgramSpec,
  options: ImageOptions,
): Promise<ProgramEnd> {
  const { reference, id } = await resolvePartImage(docker, image, options);
  const project = projectName(runId);
  const container = await docker.createContainer({
    name: `${project}-${name}-${id.slice(7, 13)}`,
    Image: reference,
    Cmd: command,
    User: "0",
    Labels: { [projectLabel]: project },
    HostConfig: { Binds: files.map(({ source, target }) => `${source}:${target}:ro`), NetworkMode: "none" },
  });
  try {
    await container.start();
    const exitCode = await endOf(container, timeoutMs, options.signal);
    const text = await logsOf(container, keptLogLines);
    return { exitCode, lines: text.split("\n").filter((line) => line.trim() !== "") };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** @returns its exit code; undefined if it did not end in time */
async function endOf(
  container: Docker.Container,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs) {
    const { State: state } = await container.inspect();
    if (state.Status === "exited") return state.ExitCode;
    await pause(probeMs, signal);
  }
  return undefined;
}
