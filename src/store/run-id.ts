import { randomBytes } from "node:crypto";

/**
 * Sorts by time, says what it was, and does not repeat: `20260102t030405678-sink-restart-1a2b`.
 *
 * @param at when it was asked for. Ids keep its milliseconds: two begun within a second sort as they were begun
 */
export function newRunId(scenarioName: string, at = new Date()): string {
  const time = at.toISOString().replace(/[-:.Z]/g, "");
  return `${time}-${scenarioName.replaceAll("/", "-")}-${randomBytes(2).toString("hex")}`.toLowerCase();
}

/** How ids begin; those of older versions have no milliseconds. */
export const idForm = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})?-/;

/**
 * When a run was asked for, which its id begins with; ISO 8601.
 *
 * @throws RangeError if it is no run's id
 */
export function momentOf(runId: string): string {
  const parts = idForm.exec(runId);
  if (parts === null)
    throw new RangeError(
      `expected the id of a run, which begins with its time, got ${JSON.stringify(runId)}`,
    );
  const [, year, month, day, hours, minutes, seconds, milliseconds = "000"] = parts;
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`;
}
