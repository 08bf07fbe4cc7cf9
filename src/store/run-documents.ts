import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { type RunDocument, runDocumentSchema } from "../judge/run-document.ts";
import { fromDocument1, runDocument1Schema } from "../judge/run-document-1.ts";

const anyDocumentSchema = z.discriminatedUnion("schema", [runDocumentSchema, runDocument1Schema]);

/** One `run.json`, converted to the current schema, and the schema in which it was stored. */
export interface StoredDocument {
  document: RunDocument;
  schema: z.infer<typeof anyDocumentSchema>["schema"];
}

/**
 * Reads one `run.json` of this version or an earlier one.
 *
 * @throws UsageError if it cannot be read or is not a run document
 */
export async function readRunDocument(path: string): Promise<RunDocument> {
  return (await readStoredDocument(path)).document;
}

/**
 * Like `readRunDocument`, but also returns the schema in which the document was stored.
 *
 * @throws UsageError if it cannot be read or is not a run document
 */
export async function readStoredDocument(path: string): Promise<StoredDocument> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    throw new UsageError(
      `expected the folder of a finished run, but ${messageOf(thrown)}. Pass a folder like reports/RUN_ID.`,
    );
  }
  try {
    const stored = anyDocumentSchema.parse(JSON.parse(text));
    const document = stored.schema === "everyline/run@1" ? fromDocument1(stored) : stored;
    return { document, schema: stored.schema };
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new UsageError(`${path} is not a run of the form everyline/run@2 or everyline/run@1:\n${why}`);
  }
}

/**
 * Every finished run in a folder, sorted by name. A run that was killed has no document and is left out.
 *
 * @throws UsageError if there is no such folder, or a `run.json` in it is not a run document
 */
export async function readRunsIn(folder: string): Promise<RunDocument[]> {
  const files = await readdir(folder, { recursive: true }).catch((thrown) => {
    throw new UsageError(`expected a folder of stored runs, like reports, but ${messageOf(thrown)}.`);
  });
  const documents = files.filter((file) => /^[^/]+\/run\.json$/.test(file));
  return Promise.all(documents.sort().map((file) => readRunDocument(join(folder, file))));
}
