import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { metricsFolder } from "../store/run-folder.ts";
import { readNights } from "./night-folder.ts";

/**
 * Removes from the runs of all but the last nights the files that take most of the space: every line as it was read, and every sample
 * that Prometheus read. Their reports, journals and documents stay, but they can no longer be judged again.
 *
 * @param keptNights how many of the last nights keep everything
 */
export async function thinNights(reportsFolder: string, keptNights: number): Promise<void> {
  const nights = await readNights(reportsFolder);
  for (const { done } of nights.slice(0, Math.max(0, nights.length - keptNights)))
    for (const { entry } of done) await thinRun(join(reportsFolder, entry.runId));
}

async function thinRun(folder: string): Promise<void> {
  // A run that was removed, or that failed before it had a folder, has nothing to thin.
  const names = await readdir(folder).catch(() => []);
  const observed = names.filter((name) => /^observed-.*\.jsonl$/.test(name));
  await Promise.all(observed.map((name) => rm(join(folder, name))));
  await rm(join(folder, metricsFolder), { recursive: true, force: true });
}
