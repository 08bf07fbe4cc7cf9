import { describe, expect, it } from "vitest";
import { programWith } from "../everyline.ts";
import { shortHelp, unknownCommand } from "./short-help.ts";

describe("a command that does not exist", () => {
  it.each([
    ["rum", 'there is no command "rum". Did you mean run? everyline --help shows every command.'],
    ["sink-restart", '"sink-restart" is not a command but a scenario: everyline run sink-restart'],
    ["file-rotation", '"file-rotation" is not a command but a scenario: everyline run file-rotation'],
  ])("%s: tells what to do instead", async (name, message) => {
    const error = await unknownCommand(name, ["run", "list", "doctor"]);
    expect(error.message).toBe(message);
  });
});

it("begins with commands that exist", async () => {
  const known = (await programWith()).commands.map((command) => command.name());
  const shown = [...shortHelp.matchAll(/^ {2}everyline ([\w-]+)/gm)].map(([, name]) => name!);
  expect(shown.length).toBeGreaterThan(2);
  expect(shown.filter((name) => !known.includes(name))).toEqual([]);
});
