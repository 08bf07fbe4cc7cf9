import type { RunResult, StackResult } from "./result.ts";
import type { PeopleStack } from "./stacks.ts";

/** `docs/stacks.md`: what came of each stack. */
export function pageOf(stacks: readonly PeopleStack[], results: ReadonlyMap<string, StackResult>): string {
  const rows = stacks.map((stack) => ({ stack, result: results.get(stack.name)! }));
  const times = rows.map(({ result }) => result.measuredAtMs);
  const day = new Date(Math.max(...times)).toISOString().slice(0, 10);
  return [
    "# Fifteen stacks as people write them",
    "",
    `${day}. Written by \`npm run people\`, which runs every stack of this page on this machine's container engine.`,
    "",
    "The stacks are in [fixtures/people](../fixtures/people), each with nothing in it of Everyline. They are in our own words; what is special about them",
    "is what stopped public Compose stacks from coming to a verdict. In a copy of each, `everyline init` and `everyline run sink-restart --lines 300 --rate",
    "40` are run. The edit is all that has to be changed between these two commands. The stack is then damaged by one more line in its own configuration, and both",
    "commands are run again: the verdict has to be `broken`, and the lines that are lost have to be exactly those that the damage takes.",
    "More than 300 lines are written if the restart takes longer than the load.",
    "",
    "| stack | what is special | edits | verdict | damage | verdict when damaged |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.flatMap(({ stack, result }) => workingRow(stack, result)),
    "",
    "These cannot be tested, because nothing that a run can write into reaches their Loki. They are refused (exit code 64) before anything starts:",
    "",
    "| stack | what is special | what the refusal says |",
    "| --- | --- | --- |",
    ...rows.flatMap(({ stack, result }) => refusedRow(stack, result)),
    "",
  ].join("\n");
}

function workingRow({ name, special, outcome }: PeopleStack, { asItIs, damaged }: StackResult): string[] {
  if (!("damage" in outcome)) return [];
  const cells = [
    linkTo(name),
    special,
    outcome.edit?.says ?? "none",
    told(asItIs!),
    outcome.damage.says,
    told(damaged!),
  ];
  return [`| ${cells.join(" | ")} |`];
}

function refusedRow({ name, special, outcome }: PeopleStack, { refusal }: StackResult): string[] {
  if (!("refusal" in outcome)) return [];
  return [`| ${[linkTo(name), special, refusal!.replaceAll("|", "\\|")].join(" | ")} |`];
}

function linkTo(name: string): string {
  return `[${name}](../fixtures/people/${name})`;
}

function told({ verdict, written, delivered, lost, seconds }: RunResult): string {
  const counts = lost === 0 ? `${delivered} of ${written}` : `${lost} of ${written} lost`;
  return `\`${verdict}\`, ${counts}, ${Math.round(seconds)} s`;
}
