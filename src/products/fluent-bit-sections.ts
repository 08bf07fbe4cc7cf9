import { basename } from "node:path";
import { parse } from "yaml";
import { type Environment, filledText } from "./filled-variables.ts";
import { recordOf } from "./log-stages.ts";
import type { ConfigurationFile } from "./shipper-configuration.ts";

/** A section of a configuration of Fluent Bit: `kind` is `input`, `filter`, `output`, `parser` or `service`; names are in lower case. */
export interface FluentSection {
  kind: string;
  /** Each key may be there several times. */
  entries: [key: string, value: string][];
}

const variable = /\$\{(\w+)\}/g;

/** Whether a text has the form of a configuration of Fluent Bit, in its own format. */
export function isClassic(text: string): boolean {
  return /^\s*\[(INPUT|OUTPUT|SERVICE|FILTER|PARSER|MULTILINE_PARSER)\]\s*$/im.test(text);
}

/**
 * The sections of some files, in the program's own format or in YAML, with variables filled in.
 *
 * @throws an error of the parser, if a file is neither
 */
export function fluentSections(
  files: readonly ConfigurationFile[],
  environment: Environment,
): FluentSection[] {
  return files.flatMap(({ path, text }) =>
    /\.ya?ml$/.test(basename(path)) && !isClassic(text)
      ? ofYaml(parse(text), environment)
      : ofClassic(text, environment),
  );
}

function ofClassic(text: string, environment: Environment): FluentSection[] {
  const sections: FluentSection[] = [];
  const set: Record<string, string | null> = { ...environment };
  for (const whole of text.split("\n")) {
    const line = whole.trim();
    const [, name, value] = /^@SET\s+(\w+)\s*=\s*(.*)$/i.exec(line) ?? [];
    if (name !== undefined) set[name] = filledText(value!, set, variable);
    const [, kind] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (kind !== undefined) sections.push({ kind: kind.toLowerCase(), entries: [] });
    const [, key, given] = /^([^@#\s[]\S*)\s+(.+)$/.exec(line) ?? [];
    if (key !== undefined && kind === undefined)
      sections.at(-1)?.entries.push([key.toLowerCase(), filledText(given!, set, variable)]);
  }
  return sections;
}

function ofYaml(config: unknown, environment: Environment): FluentSection[] {
  const { pipeline, parsers, env, service } = recordOf(config);
  const set = { ...environment, ...(recordOf(env) as Environment) };
  const section = (kind: string) => (given: unknown) => ({
    kind,
    entries: Object.entries(recordOf(given)).flatMap(([key, value]) =>
      [value]
        .flat()
        .map((one): [string, string] => [key.toLowerCase(), filledText(textOf(one), set, variable)]),
    ),
  });
  const all = (given: unknown) => (Array.isArray(given) ? given : []);
  const { inputs, filters, outputs } = recordOf(pipeline);
  return [
    ...[recordOf(service)].map(section("service")),
    ...all(inputs).map(section("input")),
    ...all(filters).map(section("filter")),
    ...all(outputs).map(section("output")),
    ...all(parsers).map(section("parser")),
  ];
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}

/** The last value of a key, which may be written with other letters or without underscores. */
export function valueIn({ entries }: FluentSection, key: string): string | undefined {
  const plain = (name: string) => name.replaceAll("_", "");
  return entries.findLast(([name]) => plain(name) === plain(key))?.[1];
}

/** The paths of further files that a file names. */
export function filesIncluded({ text }: ConfigurationFile): string[] {
  const classic = [...text.matchAll(/^\s*(?:@INCLUDE|parsers_file|plugins_file)\s+(\S+)\s*$/gim)];
  const yaml = isClassic(text)
    ? []
    : [...text.matchAll(/^\s*(?:-\s+|parsers_file:\s*)["']?([\w./-]+\.(?:ya?ml|conf))["']?\s*$/gim)];
  return [...classic, ...yaml].map(([, path]) => path!);
}

/** Whether a pattern like `app.*` takes a tag. */
export function matchesTag(section: FluentSection, tag: string): boolean {
  const expression = valueIn(section, "match_regex");
  if (expression !== undefined) return new RegExp(expression).test(tag);
  const pattern = valueIn(section, "match");
  if (pattern === undefined) return false;
  const form = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${form.join(".*")}$`).test(tag);
}
