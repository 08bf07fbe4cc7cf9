import { basename } from "node:path";
import { UsageError } from "../../base/errors.ts";
import { readingOf } from "../../products/shipper-settings.ts";
import type { ComposeModel } from "./compose-model.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";

/** A file as a run writes it into a folder. */
export function fileToRead(folder: string, prefix = ""): string {
  return `${folder.replace(/\/$/, "")}/${prefix}app-1.log`;
}

/**
 * Refuses a shipper whose own configuration says that it will not read what a run writes, as far as that is known before it runs.
 *
 * @throws UsageError naming what it reads
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
    `${shipper} would not read what a run writes: it reads ${globs} by its configuration, and a run writes files like ` +
      `${basename(file)} into ${logsPath}. Let it read ${logsPath.replace(/\/$/, "")}/*.log, or name the folder that it reads as source.folder.`,
  );
}
