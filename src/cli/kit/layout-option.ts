import { Option } from "commander";

/** The layout on which a command measures its pipeline. */
export function layoutOption(): Option {
  return new Option(
    "--layout <name>",
    "the layout of the pipeline (default: its first; `everyline list` shows them)",
  );
}
