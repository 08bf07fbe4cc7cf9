import type Docker from "dockerode";
import { allPartsOf, type Pipeline, servicesOf } from "./pipeline.ts";
import { projectLabel } from "./project.ts";

const serviceLabel = "com.docker.compose.service";
const oneOffLabel = "com.docker.compose.oneoff";
/** Loki as the program of a container, or as what a shell or an init starts there. */
const lokiProgram = /^(\S*\/)?loki(\s|$)|\s\/(\S*\/)?bin\/loki(\s|$)/;

/**
 * Looks among the containers that run for a Loki of a service that the configuration does not name: one whose image tells nothing, since it
 * is built or tagged under another name. A fault on Loki would leave it at work.
 *
 * @returns what is wrong and what to do about it; undefined where there is none
 */
export async function unnamedLoki(
  docker: Docker,
  project: string,
  pipeline: Pipeline,
): Promise<string | undefined> {
  const named = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
  const running = await docker.listContainers({ filters: { label: [`${projectLabel}=${project}`] } });
  const found = running.find(
    ({ Labels: labels, Command: command }) =>
      labels[oneOffLabel] !== "True" && !named.includes(labels[serviceLabel] ?? "") && runsLoki(command),
  );
  if (found === undefined) return undefined;
  const name = found.Labels[serviceLabel];
  return (
    `the service ${name} runs Loki (${found.Image}) and is not among Loki's services, so that it would go on when Loki is broken; ` +
    `write loki.services: [${[...servicesOf(pipeline, "loki"), name].join(", ")}], with every other one that is Loki's.`
  );
}

/** Whether the command line of a container starts Loki; a host of that name, or a folder, is none. */
export function runsLoki(command: string): boolean {
  return lokiProgram.test(command);
}
