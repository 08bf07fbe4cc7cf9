import type { Verdict } from "../plan/verdict.ts";

/** How a verdict is painted. */
export const verdictColours: Record<Verdict, "green" | "red" | "yellow"> = {
  holds: "green",
  broken: "red",
  unknown: "yellow",
};

/** Whether `stdout` wants colour; asked by the caller, as a report itself knows no terminal. */
export interface TerminalOptions {
  colour: boolean;
}
