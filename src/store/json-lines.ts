import { createReadStream } from "node:fs";

/**
 * Reads a file that holds one JSON value on each line. Ends at the first line that is not JSON, such as one that a kill or a full disk has
 * truncated.
 *
 * @throws Error of the system if the file cannot be read
 */
export async function* jsonLines(path: string): AsyncGenerator<unknown> {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const parsed = parse(line);
      if (parsed === undefined) return;
      yield parsed;
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
