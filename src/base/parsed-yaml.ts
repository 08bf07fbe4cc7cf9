import { parse } from "yaml";

/** The value of a YAML text; undefined if the text is not valid YAML. */
export function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
