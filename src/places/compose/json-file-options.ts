import type { ShownContainer } from "../../pipeline/shown-load.ts";
import type { StdoutFiles } from "../place.ts";

/** Options that say how much of the stdout is kept, and how it is handed over. They are taken as they are. */
const ofKeeping = ["max-size", "max-file", "compress", "max-buffer-size"];

/** How a container's stdout is stored by the logging driver `json-file`. */
export interface JsonFileLog {
  options: Record<string, string>;
  /** Variables that the container needs, because the driver takes from them what it stores beside each line. */
  environment: Record<string, string>;
}

/**
 * Stores the stdout of a container as that of the container which it appears as: beside each line there is what the user's logging options
 * ask for. Labels are given to the driver as variables, so that the container need not have them: other programs of the machine act on the
 * labels of containers.
 */
export function jsonFileLogOf(
  { name, image, labels, logOptions, environment }: ShownContainer,
  stdout: StdoutFiles,
): JsonFileLog {
  const kept = Object.entries(logOptions).filter(([key]) => ofKeeping.includes(key));
  const beside = { ...matching(labels, logOptions, "labels"), ...matching(environment, logOptions, "env") };
  const tag = logOptions.tag
    ?.replaceAll(/\{\{\s*\.Name\s*\}\}/g, name)
    .replaceAll(/\{\{\s*\.ImageName\s*\}\}/g, image);
  return {
    environment: beside,
    options: {
      ...Object.fromEntries(kept),
      ...keptBy(stdout),
      ...(logOptions.mode !== undefined && { mode: logOptions.mode }),
      ...(Object.keys(beside).length > 0 && { env: Object.keys(beside).join(",") }),
      ...(tag !== undefined && { tag }),
    },
  };
}

/** Options that hold for every program whose stdout a shipper reads. */
export function keptBy({ rotation }: StdoutFiles): Record<string, string> {
  return {
    // In the blocking mode the engine drops no lines. It is the default, but the engine may be configured otherwise.
    mode: "blocking",
    ...(rotation && { "max-size": `${rotation.bytes}`, "max-file": `${rotation.files}` }),
  };
}

/** The labels or variables that the option of this name lists, or whose names match the one for regular expressions. */
function matching(
  values: Readonly<Record<string, string>>,
  options: Readonly<Record<string, string>>,
  option: "labels" | "env",
): Record<string, string> {
  const listed = (options[option] ?? "").split(",").map((key) => key.trim());
  const form = formOf(options[`${option}-regex`]);
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => listed.includes(key) || (form?.test(key) ?? false)),
  );
}

/** The engine's regular expressions have a few forms that those of JavaScript do not have; such a form selects nothing. */
function formOf(text: string | undefined): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text);
  } catch {
    return undefined;
  }
}
