import { basename } from "node:path";
import { z } from "zod";
import { defaultFileNames } from "./file-name.ts";
import { flawInTemplate, lineField, templateExample } from "./line-template.ts";
import type { OwnLines } from "./pipeline.ts";
import { stdoutSchema } from "./stdout-source.ts";

const inContainer = "expected a path in the shipper's container";
const fileName =
  'expected the name of a file with at most one "*", as in "app-*.json" or "access.log": without a folder and without other wildcards';

/** Where a custom pipeline's lines come from. Exactly one key says so; `file` and `line` say more about it. */
export const sourceSchema = z
  .strictObject({
    /** The folder in the shipper's container from which it ships every file with a name like `file`. */
    folder: z.string().startsWith("/", inContainer).optional(),
    /** The names of the files in the folder: `*` stands for a part that Everyline chooses. Without it, the name of the only file. */
    file: z
      .string()
      .regex(/^(?!\.{1,2}$)[^*/?[\]{}\\\p{C}]*\*?[^*/?[\]{}\\\p{C}]*$/u, fileName)
      .min(1, fileName)
      .max(120, fileName)
      .optional(),
    /** The only file that the shipper ships, where that file itself is mounted in its container. */
    path: z
      .string()
      .regex(/^\/(?:.*\/)?[^*/]+$/, `${inContainer}, of a file, without wildcards`)
      .optional(),
    /** The stdout of containers, which the shipper reads from the container engine. */
    stdout: stdoutSchema.optional(),
    /** What is written for each line, with `{line}` where Everyline's numbered line stands; Everyline's own JSON if absent. */
    line: z
      .string()
      .superRefine((template, context) => {
        const flaw = flawInTemplate(template);
        if (flaw !== undefined)
          context.addIssue({ code: "custom", message: `${flaw}, as in ${templateExample}` });
      })
      .optional(),
  })
  .superRefine(({ folder, path, stdout, file }, context) => {
    const message = wrongPlace([folder, path, stdout]) ?? wrongName(folder, file);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

export type OwnSource = z.infer<typeof sourceSchema>;

/** The path in the shipper's container at which a run mounts the files that it writes: a folder, or a single file; undefined if there are none. */
export function sourcePath({ folder, path }: OwnSource): string | undefined {
  return path ?? folder;
}

/**
 * What a run writes for a source. The engine puts JSON around what is written to stdout, so such lines have no character that JSON escapes,
 * unless the user's template has one.
 */
export function linesOf({ path, stdout, file = defaultFileNames, line }: OwnSource): OwnLines {
  const template = stdout === undefined ? line : (line ?? lineField);
  return path === undefined
    ? { fileNames: file, isFileMounted: false, template }
    : { fileNames: basename(path), isFileMounted: true, template };
}

function wrongPlace(places: unknown[]): string | undefined {
  const given = places.filter((place) => place !== undefined).length;
  if (given === 1) return undefined;
  const found = given === 0 ? "none of them" : "more than one of them";
  return `expected either folder (log files in it), path (a single log file) or stdout (the stdout of containers), found ${found}`;
}

function wrongName(folder: string | undefined, file: string | undefined): string | undefined {
  return file === undefined || folder !== undefined
    ? undefined
    : "expected file together with folder: it says which files of the folder the shipper reads";
}
