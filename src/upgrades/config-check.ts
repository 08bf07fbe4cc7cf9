import { messageOf, UnavailableError, UsageError } from "../base/errors.ts";
import { type Part, type Pipeline, partsRunning } from "../pipeline/pipeline.ts";
import type { ComposeModel } from "../places/compose/compose-model.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Place, ProgramSpec } from "../places/place.ts";
import type { ConfigCheck } from "./upgrade-document.ts";

/** The argument with which a part checks its configuration and exits, by the name of its image. */
const checkArguments: Record<string, string> = { loki: "-verify-config", promtail: "-check-syntax" };

const timeoutMs = 30_000;
/** The program does more than check, or the machine is too busy. */
const notInTime = `it did not end within ${timeoutMs / 1_000} s`;
const maxMessages = 10;

/** What checking needs in addition to the pipeline. */
export interface ConfigCheckOptions extends ImageOptions {
  /** The resolved Compose model of the pipeline's files. */
  model: ComposeModel;
  /** The containers carry it as those of a run carry the id of the run, so that they can be found. */
  upgradeId: string;
}

/**
 * Has an image check the configuration of each service of a pipeline that runs it: in a separate container, with the command and the
 * configuration files of the pipeline, and without a network. Services with the same command and files are checked once.
 *
 * @param name the image's name; the pipeline has its version
 * @throws UnavailableError if the image is not available
 */
export async function checkConfiguration(
  place: Place,
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
          ? [{ source, target }]
          : [],
      );
      checks.push(await checkService(place, pipeline.name, service, part, command ?? [], files, options));
    }
  }
  return checks;
}

async function checkService(
  place: Place,
  pipeline: string,
  service: string,
  { image }: Part,
  command: string[],
  files: ProgramSpec["files"],
  options: ConfigCheckOptions,
): Promise<ConfigCheck> {
  const known = { pipeline, service, version: image!.reference ?? image!.version };
  const argument = checkArguments[image!.name];
  if (argument === undefined || place.runProgram === undefined)
    return { ...known, outcome: "unchecked", messages: [] };
  const program: ProgramSpec = {
    name: `check-${service}`,
    image: image!,
    command: [...command, argument],
    files,
    timeoutMs,
  };
  try {
    const { exitCode, lines } = await place.runProgram(options.upgradeId, program, options);
    if (exitCode === 0) return { ...known, outcome: "accepted", messages: warningsIn(lines) };
    const last = lines.slice(-maxMessages);
    return exitCode === undefined
      ? { ...known, outcome: "unchecked", messages: [notInTime, ...last] }
      : { ...known, outcome: "refused", messages: last };
  } catch (thrown) {
    options.signal.throwIfAborted();
    if (thrown instanceof UnavailableError) throw thrown;
    return { ...known, outcome: "unchecked", messages: [messageOf(thrown)] };
  }
}

/** The output lines that are errors or warnings, unchanged. */
function warningsIn(lines: string[]): string[] {
  return lines.filter((line) => /level=(warn|error)|deprecat/i.test(line)).slice(0, maxMessages);
}
