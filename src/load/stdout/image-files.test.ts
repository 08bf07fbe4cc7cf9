import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import { catalogueEntry } from "../../places/images/catalogue.ts";
import { stdoutImage } from "../stdout-writer.ts";

const root = resolve(import.meta.dirname, "../../..");
const valueImport = /^(?:import|export) (?!type )[^"]*?(?:from )?"(\.[^"]+)";/gm;

/** A file and all that it imports when it runs, by their paths in the repository. */
function closureOf(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const text = readFileSync(join(root, file), "utf8");
  for (const [, target] of text.matchAll(valueImport))
    closureOf(relative(root, resolve(root, file, "..", target!)), known);
  return known;
}

it("is built of all files that the generator imports, and of no others", async () => {
  const files = closureOf("src/load/stdout/main.ts");
  closureOf("src/load/stdout/writer-worker.ts", files);
  const wanted = [...files].sort();
  const { build } = await catalogueEntry(stdoutImage.name, stdoutImage.version);
  expect(build!.inputs.map((input) => input.replace("../../", "")).sort()).toEqual(wanted);
  const script = readFileSync(join(root, "fixtures/images/stdout-generator/build"), "utf8");
  expect([...script.matchAll(/^ {2}(src\/\S+)$/gm)].map(([, file]) => file!).sort()).toEqual(wanted);
});
