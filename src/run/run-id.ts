import { randomBytes } from "node:crypto";

/** Sorts by time, says what it was, and does not repeat: `20260102T030405-loki-restart-1a2b`. */
export function newRunId(scenarioName: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+Z$/g, "");
  return `${time}-${scenarioName.replaceAll("/", "-")}-${randomBytes(2).toString("hex")}`.toLowerCase();
}
