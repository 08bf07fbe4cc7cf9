import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { peopleStacks } from "../../test/people/stacks.ts";
import { exists } from "../base/exists.ts";
import { configSchema } from "../pipeline/own-config.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

const page = textOf("docs/your-own-pipeline.md");
const [, firstPart = ""] = /^## Find your stack\n([\s\S]*?)^## /m.exec(page) ?? [];
const [contents = "", ...parts] = firstPart.split(/^### /m);
const sections = parts.map((part) => {
  const [title = "", ...lines] = part.split("\n");
  return { title, text: lines.join("\n") };
});

/** The tests that run stacks. */
const tests = readdirSync(join(root, "test"))
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => textOf(`test/${name}`))
  .join("\n");

/** The stacks that a section names, as paths from the root. */
const stacksIn = (text: string) =>
  text.match(/(?:fixtures\/(?:stacks|people|init)|examples)\/[\w.-]*\w/g) ?? [];

const blocksIn = (text: string) =>
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => parse(block!) as object);

const isOfPeople = (stack: string) => stack.startsWith("fixtures/people/");

/** The configuration of a stack: the one in it, or the one that `init` has to write. */
function configOf(stack: string): object {
  if (!isOfPeople(stack)) return parse(textOf(`${stack}/everyline.config.yaml`));
  return peopleStacks.find(({ name }) => stack.endsWith(`/${name}`))!.writes;
}

const isPart = (whole: unknown, part: unknown): boolean => {
  if (typeof part !== "object" || part === null) return whole === part;
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([key, value]) => isPart((whole as Record<string, unknown>)[key], value));
};

it("begins with the stacks that people have, and lists each", () => {
  expect(sections.map(({ title }) => title)).toEqual([
    "Promtail and files",
    "Docker's logs (container stdout)",
    "Lines that are parsed (a template)",
    "One file, fixed names",
    "Several tenants",
    "A gateway and a store",
    "Kafka between",
    "Several Compose files, env files, profiles",
    "Another shipper (Collector, Fluent Bit, Vector, Alloy)",
    "Your own alerts",
    "A stack that is up (`--project`)",
  ]);
  expect(contents.match(/^\| .*\]\(#/gm)).toHaveLength(sections.length);
});

describe.each(sections)("the guide on $title", ({ text }) => {
  const stacks = stacksIn(text);
  const run = stacks.filter((stack) => !stack.startsWith("fixtures/init/"));

  it("names stacks that there are, each of which a test runs", async () => {
    expect(run.length).toBeGreaterThan(0);
    for (const stack of stacks) expect(await exists(join(root, stack)), stack).toBe(true);
    for (const stack of run) {
      const [name] = stack.split("/").slice(-1);
      if (isOfPeople(stack)) expect(peopleStacks.map((people) => people.name)).toContain(name);
      else expect(tests).toContain(stack.startsWith("examples/") ? `"${stack}"` : `"${name}"`);
    }
  });

  it("shows configurations that are valid, and that a stack which it names has", () => {
    const blocks = blocksIn(text);
    expect(blocks.length).toBeGreaterThan(0);
    const others = {
      compose: "compose.yaml",
      source: { folder: "/logs" },
      shipper: { service: "shipper" },
      loki: { url: "http://loki:3100", selector: '{job="logs"}' },
    };
    for (const block of blocks) {
      expect(configSchema.safeParse({ ...others, ...block }).error, JSON.stringify(block)).toBeUndefined();
      const having = run.filter((stack) => isPart(configOf(stack), block));
      expect(having, `${JSON.stringify(block)} in one of ${run.join(", ")}`).not.toEqual([]);
    }
  });
});
