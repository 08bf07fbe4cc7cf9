import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "../base/temp-dir.ts";
import { writeWhole } from "../base/write-whole.ts";
import { describeReasons } from "../report/words/reason-words.ts";
import { readRunDocument, readStoredDocument } from "./run-documents.ts";

const root = join(import.meta.dirname, "../..");

/** Every document of a run that is kept in the repository, of whatever version. */
const kept = (await Promise.all(["reports", "fixtures/runs", "fixtures/recordings"].map(documentsIn))).flat();

async function documentsIn(folder: string): Promise<string[]> {
  const files = await readdir(join(root, folder), { recursive: true });
  return files.filter((file) => /^[^/]+\/run\.json$/.test(file)).map((file) => `${folder}/${file}`);
}

describe("the document of a stored run", () => {
  it.each(kept)("is read, whichever version stored it: %s", async (path) => {
    const document = await readRunDocument(join(root, path));
    expect(document.schema).toBe("everyline/run@2");
    expect(document.reasons.length === 0).toBe(document.verdict === "holds");
    expect(describeReasons(document).every((reason) => reason.trim() !== "")).toBe(true);
  });

  it("is told with the version that stored it", async () => {
    const schemaOf = async (path: string) => (await readStoredDocument(join(root, path))).schema;
    expect(await schemaOf("fixtures/recordings/run-1/run.json")).toBe("everyline/run@1");
    expect(await schemaOf("fixtures/recordings/late/run.json")).toBe("everyline/run@2");
  });

  it("is refused with its path where it is no run document", async () => {
    await using dir = await tempDir("everyline-test-");
    const path = join(dir.path, "run.json");
    await expect(readRunDocument(path)).rejects.toThrow("expected the folder of a finished run");
    await writeWhole(path, '{"schema":"everyline/run@3"}');
    await expect(readRunDocument(path)).rejects.toThrow(
      `${path} is not a run of the form everyline/run@2 or everyline/run@1`,
    );
  });
});
