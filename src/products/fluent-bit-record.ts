import { type FluentSection, valueIn } from "./fluent-bit-sections.ts";
import type { LineHandling } from "./shipper-settings.ts";
import { type TextForm, templateOf } from "./template-for-stages.ts";

/** How Fluent Bit parses lines, by `[PARSER]`. */
interface Parser {
  format: string;
  regex?: string | undefined;
  /** The field with the time. */
  timeKey?: string | undefined;
}

/** Parsers that come with Fluent Bit. */
const builtIn: Record<string, Parser> = {
  json: { format: "json" },
  docker: { format: "json" },
  logfmt: { format: "logfmt" },
  cri: {
    format: "regex",
    regex: "^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<message>.*)$",
  },
};

/** Filters that leave the lines of a run as they are, or only put something beside them. */
const additions = ["modify", "record_modifier", "aws", "geoip2", "ecs", "sysinfo", "expect", "stdout"];

/** The parts of a configuration that lines of a file go through. */
interface Way {
  input: FluentSection;
  filters: FluentSection[];
  output: FluentSection;
  parsers: FluentSection[];
  isOfDocker: boolean;
}

/** What becomes of the lines of a file on their way to Loki: records of fields, which are written as JSON unless only one is left. */
export function linesOfRecords({ input, filters, output, parsers, isOfDocker }: Way): LineHandling {
  const named = [
    valueIn(input, "parser"),
    ...filters
      .filter((filter) => valueIn(filter, "name") === "parser")
      .map((filter) => valueIn(filter, "parser")),
  ].filter((name) => name !== undefined);
  const multiline = valueIn(input, "multiline.parser") ?? "";
  const unwraps = isOfDocker && /\b(docker|cri)\b/.test([...named, multiline].join());
  const inner = unwraps ? named.filter((name) => name !== "docker" && name !== "cri") : named;
  const handling = { unwraps, notes: filters.flatMap(noteOn) };
  if (inner.length > 0) return { ...handling, ...templateFor(inner.at(-1)!, parsers) };
  const isAlone = !filters.some((filter) => valueIn(filter, "name") === "record_modifier");
  const single = valueIn(output, "drop_single_key")?.toLowerCase();
  const isKeyValue = valueIn(output, "line_format") === "key_value";
  const hasPath = valueIn(input, "path_key") !== undefined;
  const isRaw = single === "raw" || (isKeyValue && isOn(single));
  // What Docker keeps beside a line is a part of the record as well.
  if (isRaw && isAlone && !hasPath && !isOfDocker) return handling;
  // The line is a text within JSON, where quotation marks would be escaped.
  return { ...handling, template: "{line}" };
}

export function isOn(value: string | undefined): boolean {
  return /^(on|true|yes|1)$/i.test(value ?? "");
}

function templateFor(
  name: string,
  parsers: readonly FluentSection[],
): Pick<LineHandling, "template" | "whyNoTemplate"> {
  const own = parsers.find((parser) => valueIn(parser, "name") === name);
  const parser: Parser | undefined = own
    ? {
        format: valueIn(own, "format") ?? "",
        regex: valueIn(own, "regex")?.replace(/^\/(.*)\/\w*$/s, "$1"),
        timeKey: valueIn(own, "time_key"),
      }
    : builtIn[name];
  if (parser === undefined)
    return { whyNoTemplate: `its parser ${name} is not among its configuration files` };
  const form = formOf(parser);
  const template = form && templateOf(form, form);
  return template === undefined
    ? { whyNoTemplate: `its parser ${name} expects lines of a form of its own` }
    : { template };
}

function formOf({ format, regex = "", timeKey = "time" }: Parser): TextForm | undefined {
  const plain = (): TextForm => ({ form: "plain" });
  const fields = (...names: string[]) => new Map(names.map((name) => [name, plain()]));
  if (format === "json") return { form: "json", fields: fields(timeKey, "level", "message") };
  if (format === "logfmt") return { form: "logfmt", fields: fields(timeKey, "level", "msg") };
  const names = [...regex.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name!);
  return format === "regex" ? { form: "regex", expression: regex, groups: fields(...names) } : undefined;
}

function noteOn(filter: FluentSection): string[] {
  const name = valueIn(filter, "name") ?? "";
  if (name === "grep") return ["its filter grep may drop lines of a run"];
  if (name === "throttle") return ["its filter throttle drops lines above a rate"];
  if (name === "lua" || name === "wasm") return [`its filter ${name} may change or drop lines of a run`];
  const isKnown = [
    ...additions,
    "parser",
    "kubernetes",
    "multiline",
    "nest",
    "rewrite_tag",
    "type_converter",
  ];
  return isKnown.includes(name) ? [] : [`its filter ${name} is not known to Everyline`];
}
