import { basename } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { readingOf } from "../../products/shipper-settings.ts";
import type { ComposeModel } from "./compose-model.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";

/** The path of a file such as a run writes into the folder. */
function fileToRead(folder: string, prefix = ""): string {
  return `${folder.replace(/\/$/, "")}/${prefix}app-1.log`;
}

/**
 * Refuses a shipper that, by its own configuration, would not read the files of a run, as far as this is known before it runs.
 *
 * @throws UsageError naming the files that it reads
 */
export async function assertReads(
  model: ComposeModel,
  shipper: string,
  logsPath: string,
  prefix?: string,
): Promise<void> {
  const settings = await readShipperSettings(model, shipper);
  if ("why" in settings || settings.isDynamic || settings.reads.length === 0) return;
  const file = fileToRead(logsPath, prefix);
  if (readingOf(settings, file).length > 0) return;
  const globs = settings.reads.flatMap((reads) => reads.globs).join(", ");
  throw new UsageError(
    `${shipper} would not read the files of a run: by its configuration it reads ${globs}, but a run writes files like ` +
      `${basename(file)} into ${logsPath}. Configure it to read ${logsPath.replace(/\/$/, "")}/*.log, or set source.folder to the folder that it reads.`,
  );
}
