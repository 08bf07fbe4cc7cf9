import { UsageError } from "../../base/errors.ts";
import { nearestOf } from "../../base/nearest.ts";

/** What `everyline` without arguments prints: where to begin. */
export const shortHelp = `Everyline proves, line by line, what a log pipeline loses, duplicates, reorders or corrupts when things break.

  everyline doctor              what this machine lacks for that
  everyline list                scenarios, pipelines, and what is promised of them
  everyline run sink-restart    break a pipeline, and judge what becomes of its lines
  everyline open                the report of the last run, in the browser

everyline --help shows every command, and everyline COMMAND --help its options, with examples.
`;

/** The error for a command that does not exist: a scenario's name is meant to be run, other words are mistyped. */
export async function unknownCommand(name: string, commands: string[]): Promise<UsageError> {
  // Loaded only for this message, because it loads every scenario.
  const { casesOf, loadScenarios } = await import("../../plan/scenario.ts");
  const runs = (await loadScenarios()).flatMap(casesOf);
  const isScenario = runs.some((run) => run.name === name || run.name.startsWith(`${name}/`));
  if (isScenario) return new UsageError(`"${name}" is not a command but a scenario: everyline run ${name}`);
  const [nearest] = nearestOf(name, commands, 1);
  return new UsageError(
    `there is no command "${name}". Did you mean ${nearest}? everyline --help shows every command.`,
  );
}
