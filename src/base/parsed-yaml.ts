import { parse } from "yaml";

/** The value of a YAML text that may be something else altogether; undefined if it is no YAML. */
export function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
