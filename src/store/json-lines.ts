import { createReadStream } from "node:fs";

/**
 * The values of a file that holds one a line, up to its end or to the first line that is none: what a kill or a full disk has cut.
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
