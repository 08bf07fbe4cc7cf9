import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UsageError } from "./errors.ts";

/**
 * Reads a JSON document and checks it against a schema.
 *
 * @param form what the file should be, for the message, as in `night of the form everyline/night@1`
 * @throws UsageError naming the file and what is wrong with it, if it cannot be read or is not such a document
 */
export async function readDocument<Document>(
  path: string,
  schema: z.ZodType<Document>,
  form: string,
): Promise<Document> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} is not a valid ${form}:\n${why}`);
  }
}
