import { randomBytes } from "node:crypto";

/**
 * A unique id that sorts by time and names the scenario: `20260102t030405678-sink-restart-1a2b`.
 *
 * @param at when the run was requested. Ids contain its milliseconds, so that two runs of the same second sort in their order
 */
export function newRunId(scenarioName: string, at = new Date()): string {
  const time = at.toISOString().replace(/[-:.Z]/g, "");
  return `${time}-${scenarioName.replaceAll("/", "-")}-${randomBytes(2).toString("hex")}`.toLowerCase();
}

/** The beginning of an id; ids of older versions have no milliseconds. */
export const idForm = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})?-/;

/**
 * When a run was requested, in ISO 8601, taken from the beginning of its id.
 *
 * @throws RangeError if it is not the id of a run
 */
export function requestTimeOf(runId: string): string {
  const parts = idForm.exec(runId);
  if (parts === null)
    throw new RangeError(
      `expected the id of a run, which begins with its time, got ${JSON.stringify(runId)}`,
    );
  const [, year, month, day, hours, minutes, seconds, milliseconds = "000"] = parts;
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${milliseconds}Z`;
}
