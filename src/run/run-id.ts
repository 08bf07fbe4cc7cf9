import { randomBytes } from "node:crypto";

/** Sorts by time, says what it was, and does not repeat: `20260102T030405-loki-restart-1a2b`. */
export function newRunId(scenarioName: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+Z$/g, "");
  return `${time}-${scenarioName.replaceAll("/", "-")}-${randomBytes(2).toString("hex")}`.toLowerCase();
}

/**
 * When a run was asked for, which its id begins with; ISO 8601.
 *
 * @throws RangeError if it is no run's id
 */
export function momentOf(runId: string): string {
  const parts = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)-/.exec(runId);
  if (parts === null)
    throw new RangeError(
      `expected the id of a run, which begins with its time, got ${JSON.stringify(runId)}`,
    );
  const [, year, month, day, hours, minutes, seconds] = parts;
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.000Z`;
}
