import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../../base/errors.ts";
import { installedFolder } from "../../base/installation.ts";
import { shortReference } from "./repository.ts";

/** The folder with the catalogue and, beside it, what is needed to build the images in it. */
export const imagesDir = join(installedFolder, "fixtures/images");

const buildSchema = z.strictObject({
  folder: z.string(),
  inputs: z.array(z.string()).default([]),
  needs: z.array(z.string()).default([]),
  base: z.string().optional(),
});

const entrySchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    version: z.string().regex(/^[\w.-]+$/),
    pull: z
      .string()
      .regex(/:[\w.-]+$/, "expected a reference with a tag")
      .optional(),
    build: buildSchema.optional(),
    licence: z.string().optional(),
    source: z.string().optional(),
    default: z.boolean().default(false),
  })
  .refine(({ pull, build }) => pull !== undefined || build !== undefined, {
    error: "neither pull nor build",
  });

/**
 * One image that Everyline can make ready. `pull` is the reference to pull, undefined if no registry has it. `build` says how to build it,
 * undefined if it can only be pulled. `licence` is the SPDX identifier of the source of its program, and `source` says where that source is.
 * `default` says that the default scenario needs it.
 */
export type CatalogueEntry = Omit<z.infer<typeof entrySchema>, "build"> & { build?: ImageBuild | undefined };

/**
 * How to build an image: the folder of its build script, the script's other inputs (all paths relative to `imagesDir`), the programs that
 * the script needs, and the base image if it is in the catalogue.
 */
type ImageBuild = Omit<z.infer<typeof buildSchema>, "base"> & { base?: CatalogueEntry | undefined };

/**
 * Parses the text of a catalogue. A base must be listed before the images that are built on it, so that no image can be its own base.
 * @throws ZodError if the text does not match the schema, names an image twice, or names a base that is not listed before
 */
export function parseCatalogue(text: string): CatalogueEntry[] {
  return catalogueSchema.parse(parse(text));
}

const catalogueSchema = z.array(entrySchema).transform((raw, context): CatalogueEntry[] => {
  const known = new Map<string, CatalogueEntry>();
  for (const { build, ...entry } of raw) {
    const label = labelOf(entry);
    const base = build?.base === undefined ? undefined : known.get(build.base);
    if (known.has(label)) {
      context.addIssue({ code: "custom", message: `the same name and version twice: ${label}` });
    }
    if (build?.base !== undefined && base === undefined) {
      context.addIssue({
        code: "custom",
        message: `no image ${build.base}, the base of ${label}, before it`,
      });
    }
    known.set(label, build ? { ...entry, build: { ...build, base } } : entry);
  }
  return [...known.values()];
});

/** The images of `fixtures/images/catalogue.yaml`, in its order. */
export async function readCatalogue(): Promise<CatalogueEntry[]> {
  return parseCatalogue(await readFile(join(imagesDir, "catalogue.yaml"), "utf8"));
}

/** The image of the catalogue that a reference would be pulled as, also with the name of Docker's own registry in front; undefined if it is none. */
export async function pulledEntry(reference: string): Promise<CatalogueEntry | undefined> {
  const short = shortReference(reference);
  return (await readCatalogue()).find(({ pull }) => pull !== undefined && shortReference(pull) === short);
}

/**
 * The entry of an image.
 *
 * @throws UsageError naming the images of the catalogue
 */
export async function catalogueEntry(name: string, version: string): Promise<CatalogueEntry> {
  const catalogue = await readCatalogue();
  const entry = catalogue.find((candidate) => candidate.name === name && candidate.version === version);
  if (entry) return entry;
  throw new UsageError(
    `there is no image ${name}:${version} in fixtures/images/catalogue.yaml; there are: ${catalogue.map(labelOf).join(", ")}.`,
  );
}

/** The name of an image on the command line and in messages: `NAME:VERSION`. */
export function labelOf({ name, version }: { name: string; version: string }): string {
  return `${name}:${version}`;
}

/** The tag of an image that was built here: `everyline/NAME:VERSION`. */
export function builtReference(entry: CatalogueEntry): string {
  return `everyline/${labelOf(entry)}`;
}

/**
 * The entries that the arguments of a command name, each `NAME` (all its versions), `NAME:VERSION` or `all`.
 *
 * @throws UsageError naming the images of the catalogue
 */
export function selectEntries(catalogue: CatalogueEntry[], selectors: string[]): CatalogueEntry[] {
  const selected = selectors.flatMap((selector) => {
    const matches = catalogue.filter((entry) => [entry.name, labelOf(entry), "all"].includes(selector));
    if (matches.length > 0) return matches;
    throw new UsageError(`there is no image ${selector}; there are: ${catalogue.map(labelOf).join(", ")}.`);
  });
  return [...new Set(selected)];
}
