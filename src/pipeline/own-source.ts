import { basename } from "node:path";
import { z } from "zod";
import { defaultFileNames } from "./file-name.ts";
import { flawInTemplate, templateExample } from "./line-template.ts";
import type { OwnLines } from "./pipeline.ts";

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
  .superRefine(({ folder, path, file }, context) => {
    const message = wrongPlace([folder, path]) ?? wrongName(folder, file);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

export type OwnSource = z.infer<typeof sourceSchema>;

/** The path in the shipper's container at which a run mounts what it writes: a folder, or a single file. */
export function sourcePath({ folder, path }: OwnSource): string {
  return (path ?? folder)!;
}

/** What a run writes for a source. */
export function linesOf({ path, file = defaultFileNames, line: template }: OwnSource): OwnLines {
  return path === undefined
    ? { fileNames: file, isFileMounted: false, template }
    : { fileNames: basename(path), isFileMounted: true, template };
}

function wrongPlace(places: (string | undefined)[]): string | undefined {
  const given = places.filter((place) => place !== undefined).length;
  return given === 1
    ? undefined
    : `expected either folder (log files in it) or path (a single file), found ${given === 0 ? "neither" : "both"}`;
}

function wrongName(folder: string | undefined, file: string | undefined): string | undefined {
  return file === undefined || folder !== undefined
    ? undefined
    : "expected file together with folder: it says which files of the folder the shipper reads";
}
