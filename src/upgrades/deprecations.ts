import { type Pipeline, partsRunning } from "../pipeline/pipeline.ts";
import type { ComposeModel } from "../places/compose/compose-model.ts";
import type { Deprecation } from "./upgrade-document.ts";

/** A deprecated feature that a version still accepts without mentioning it in its configuration check. */
interface KnownDeprecation {
  /** The image's name, and the first version of it. */
  name: string;
  since: string;
  /** What it is, where a service's command has this. */
  command: RegExp;
  what: string;
  source: string;
}

const known: KnownDeprecation[] = [
  {
    name: "loki",
    since: "3.6.0",
    command: /-target=(read|write|backend)\b/,
    what: "runs as one of the targets read, write and backend, a mode that is deprecated and will be removed with Loki 4.0",
    source: "https://grafana.com/docs/loki/latest/get-started/deployment-modes/",
  },
];

/** What a version of an image deprecates of a pipeline, by the commands of its services. */
export function deprecationsOf(
  pipeline: Pipeline,
  model: ComposeModel,
  { name, version }: { name: string; version: string },
): Deprecation[] {
  const services = partsRunning(pipeline, name).flatMap((part) => Object.keys(part.services));
  return services.flatMap((service) => {
    const command = model.services[service]?.command?.join(" ") ?? "";
    return known
      .filter(
        (entry) => entry.name === name && isAtLeast(version, entry.since) && entry.command.test(command),
      )
      .map(({ what, source }) => ({ pipeline: pipeline.name, service, what, source }));
  });
}

/** Whether a version is another or a later one; one that is no three numbers is taken for a later one, to be told rather than not. */
function isAtLeast(version: string, since: string): boolean {
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (numbers === undefined) return true;
  const least = since.split(".").map(Number);
  const index = numbers.findIndex((number, place) => number !== least[place]);
  return index === -1 || numbers[index]! > least[index]!;
}
