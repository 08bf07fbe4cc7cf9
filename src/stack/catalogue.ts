import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../errors.ts";

/** The folder with the catalogue and, beside it, what is needed to build the images in it. */
export const imagesDir = join(import.meta.dirname, "../../fixtures/images");

const entrySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  version: z.string().regex(/^[\w.-]+$/),
  pull: z.string().regex(/:[\w.-]+$/, "expected a reference with a tag"),
  build: z
    .strictObject({
      folder: z.string(),
      inputs: z.array(z.string()).default([]),
      needs: z.array(z.string()).default([]),
    })
    .optional(),
  default: z.boolean().default(false),
});

/**
 * One image that Everyline can make ready: `pull` is the reference to pull; `build`, where there is one, names the folder
 * with its build script, the other inputs of that script (all relative to `imagesDir`) and the programs it needs;
 * `default` says that the default scenario or the tests need it.
 */
export type CatalogueEntry = z.infer<typeof entrySchema>;

/** Parses the text of a catalogue; throws a `ZodError` where it does not fit, or names an image twice. */
export function parseCatalogue(text: string): CatalogueEntry[] {
  const unique = z
    .array(entrySchema)
    .refine((entries) => new Set(entries.map(labelOf)).size === entries.length, {
      error: "the same name and version twice",
    });
  return unique.parse(parse(text));
}

/** The images of `fixtures/images/catalogue.yaml`, in its order. */
export async function readCatalogue(): Promise<CatalogueEntry[]> {
  return parseCatalogue(await readFile(join(imagesDir, "catalogue.yaml"), "utf8"));
}

/** How an image is called on the command line and in messages: `loki:3.6.4`. */
export function labelOf({ name, version }: { name: string; version: string }): string {
  return `${name}:${version}`;
}

/** The tag of an image that was built here: `everyline/loki:3.6.4`. */
export function builtReference(entry: CatalogueEntry): string {
  return `everyline/${labelOf(entry)}`;
}

/**
 * The entries that the arguments of a command name, each `NAME` (all its versions) or `NAME:VERSION`.
 *
 * @throws UsageError naming what there is
 */
export function selectEntries(catalogue: CatalogueEntry[], selectors: string[]): CatalogueEntry[] {
  const selected = selectors.flatMap((selector) => {
    const matches = catalogue.filter((entry) => entry.name === selector || labelOf(entry) === selector);
    if (matches.length > 0) return matches;
    throw new UsageError(`there is no image ${selector}; there are: ${catalogue.map(labelOf).join(", ")}.`);
  });
  return [...new Set(selected)];
}
