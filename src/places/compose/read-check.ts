import { basename, dirname } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { defaultFileNames, fileNameOf, isOneFile } from "../../pipeline/file-name.ts";
import type { OwnLines } from "../../pipeline/pipeline.ts";
import { readingOf } from "../../products/shipper-settings.ts";
import type { ComposeModel } from "./compose-model.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";

/** What a run writes: the names of its files, and what the names of its sources begin with. */
interface Written {
  lines?: Pick<OwnLines, "fileNames" | "isFileMounted">;
  prefix?: string;
}

/** The path of a file such as a run writes into the folder. */
function fileToRead(folder: string, prefix = "", fileNames = defaultFileNames): string {
  return `${folder.replace(/\/$/, "")}/${fileNameOf(fileNames, `${prefix}app-1`)}`;
}

/**
 * Refuses a shipper that, by its own configuration, would not read the files of a run, as far as this is known before it runs.
 *
 * @param logsPath where its container finds them: a folder, or the file that is mounted itself
 * @throws UsageError naming the files that it reads
 */
export async function assertReads(
  model: ComposeModel,
  shipper: string,
  logsPath: string,
  { lines = { fileNames: defaultFileNames, isFileMounted: false }, prefix }: Written = {},
): Promise<void> {
  const settings = await readShipperSettings(model, shipper);
  if ("why" in settings || settings.isDynamic || settings.reads.length === 0) return;
  const file = lines.isFileMounted ? logsPath : fileToRead(logsPath, prefix, lines.fileNames);
  if (readingOf(settings, file).length > 0) return;
  const globs = settings.reads.flatMap((reads) => reads.globs).join(", ");
  const files = isOneFile(lines.fileNames) ? `the file ${basename(file)}` : `files like ${basename(file)}`;
  throw new UsageError(
    `${shipper} would not read the files of a run: by its configuration it reads ${globs}, but a run writes ${files} into ${dirname(file)}. ` +
      (lines.isFileMounted
        ? "Set source.path to the file that it reads."
        : `Configure it to read ${logsPath.replace(/\/$/, "")}/${lines.fileNames}, or set source.folder to the folder that it reads, and ` +
          'source.file to the names of the files, such as "app-*.json".'),
  );
}
