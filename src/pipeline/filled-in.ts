import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { parseDocument, type Scalar, visit } from "yaml";
import { UsageError } from "../base/errors.ts";

/** What `everyline init` writes in the place of a value that it does not know. */
const placeholder = "FILL-IN";

/**
 * Refuses a configuration in which a value was not filled in that could be anything, such as a tenant.
 *
 * @param config the content of the file
 * @throws UsageError naming the keys, with what `init` has written beside each
 */
export async function assertFilledIn(config: unknown, file: string): Promise<void> {
  const keys = keysWith(config, []);
  if (keys.length === 0) return;
  const comments = extname(file) === ".ts" ? [] : commentsIn(await readFile(file, "utf8"));
  const found = keys.flatMap((key, index) => (comments[index] ? [`  ${key}: ${comments[index]}\n`] : []));
  const isOfLines = keys.some((key) => /^(source|shipper)\./.test(key));
  throw new UsageError(
    `${file} still has ${placeholder} at ${keys.join(", ")}; the comment there says what was looked for.\n${found.join("")}` +
      `Put the value in its place, or remove the key if it may be left out.${isOfLines ? ` ${wayOut}` : ""}`,
  );
}

const wayOut =
  "A run writes lines into log files, or prints them as a container. If no service ships either, add a shipper that does, such as Promtail, " +
  "or let yours read a folder of log files as well: what lies behind it can then be tested.";

function keysWith(value: unknown, path: readonly string[]): string[] {
  if (value === placeholder) return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => keysWith(one, [...path, key]));
}

/** What stands beside each placeholder, in the order of the file. */
function commentsIn(text: string): string[] {
  const comments: string[] = [];
  visit(parseDocument(text), {
    Scalar(_, { value, comment }: Scalar) {
      if (value === placeholder) comments.push(comment?.trim() ?? "");
    },
  });
  return comments;
}
