import { Option } from "commander";
import { appendHistory } from "../../store/history.ts";
import type { Measurement } from "../../store/measurement.ts";

/** `--history`: where a command that measures a capacity adds what it measured, so that `everyline matrix` shows it. */
export function historyOption(): Option {
  return new Option(
    "--history <file>",
    "add what was measured to this history, like reports/history.ndjson; `everyline matrix` shows it",
  );
}

/**
 * Adds measurements to a history.
 *
 * @param path undefined if none is kept
 */
export async function keepMeasurements(
  path: string | undefined,
  measurements: readonly Measurement[],
): Promise<void> {
  if (path === undefined) return;
  for (const measurement of measurements) await appendHistory(path, measurement);
}
