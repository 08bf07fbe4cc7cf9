import { Argument, Command, Option } from "commander";
import { describe, expect, it } from "vitest";
import { completionOf, type ValuePlace } from "./candidates.ts";

function program(): Command {
  const program = new Command("program");
  program
    .command("run")
    .description("breaks things")
    .argument("<scenario...>")
    .option("--pipeline <name>", "where")
    .option("--keep", "leave everything")
    .option("-s, --seed <s>", "of the lines")
    .option("--into <file...>", "files to fill")
    .addOption(new Option("--load <writer>", "who writes").choices(["generator", "nestjs"]));
  const images = program.command("images").description("images");
  images.command("build").argument("[image...]");
  images.command("list");
  program.command("list").addArgument(new Argument("[section]").choices(["scenarios", "claims"]));
  program.command("secret", { hidden: true });
  program.command("check").argument("<run-dir>");
  return program;
}

/** Every place that was asked about. */
let asked: ValuePlace[] = [];
async function complete(...words: string[]) {
  asked = [];
  const { candidates, paths } = await completionOf(program(), words, async (place) => {
    asked.push(place);
    if (place.name === "scenario") return { candidates: [{ value: "sink-restart" }], paths: "none" };
    if (place.name === "--pipeline") return { candidates: [{ value: "direct" }], paths: "none" };
    return undefined;
  });
  return [...candidates.map(({ value }) => value), ...(paths === "none" ? [] : [`:${paths}`])].join(" ");
}

describe("completionOf", () => {
  it.each([
    { words: [""], completion: "run images list check help" },
    { words: ["r"], completion: "run" },
    { words: ["--h"], completion: "--help" },
    { words: ["images", ""], completion: "build list help" },
    { words: ["list", ""], completion: "scenarios claims" },
    { words: ["list", "cl"], completion: "claims" },
    { words: ["list", "claims", ""], completion: "" },
    { words: ["run", ""], completion: "sink-restart" },
    { words: ["run", "sink-restart", "si"], completion: "sink-restart" },
    { words: ["run", "x", "--k"], completion: "--keep" },
    { words: ["run", "--keep", ""], completion: "sink-restart" },
    { words: ["run", "--pipeline", ""], completion: "direct" },
    { words: ["run", "--pipeline", "direct", ""], completion: "sink-restart" },
    { words: ["run", "--pipeline=d"], completion: "--pipeline=direct" },
    { words: ["run", "--pipeline=direct", ""], completion: "sink-restart" },
    { words: ["run", "--load", "n"], completion: "nestjs" },
    { words: ["run", "--load="], completion: "--load=generator --load=nestjs" },
    { words: ["run", "-s", ""], completion: "" },
    { words: ["run", "--into", "a", ""], completion: ":files" },
    { words: ["run", "--into", "a", "--ke"], completion: "--keep" },
    { words: ["run", "--", "--k"], completion: "" },
    { words: ["check", ""], completion: ":folders" },
    { words: ["run", "--nonsense", "si"], completion: "sink-restart" },
    { words: ["nonsense", ""], completion: "" },
    { words: [], completion: "run images list check help" },
  ])("$words: $completion", async ({ words, completion }) => {
    expect(await complete(...words)).toBe(completion);
  });

  it("tells a source what was written before", async () => {
    await complete("run", "--pipeline=direct", "sink-crash", "--seed", "demo", "si");
    expect(asked).toMatchInlineSnapshot(`
      [
        {
          "command": "run",
          "current": "si",
          "name": "scenario",
          "operands": [
            "sink-crash",
          ],
          "options": Map {
            "--pipeline" => "direct",
            "--seed" => "demo",
          },
          "placeholder": "scenario",
        },
      ]
    `);
  });
});
