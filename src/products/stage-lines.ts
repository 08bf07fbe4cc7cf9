import { filtersTake, type LogStage } from "./log-stages.ts";
import { type LinesFrom, type ParsedLine, parsedLine } from "./parsed-line.ts";
import type { LineHandling } from "./shipper-settings.ts";
import { exampleOf, type TextForm, templateOf } from "./template-for-stages.ts";
import { regexOf, textOfRegex } from "./text-of-regex.ts";

/** The fields of a line of a run, which is JSON, and what such a line looks like. */
const ownFields = ["id", "time", "level", "message", "end"];
const ownLine =
  '{"id":"demo/app-1/7","time":"2026-01-01T00:00:00.006000000Z","level":"info","message":"Test log 7 abcdefgh","end":"demo/app-1/7"}';

const expectsOthers = "its stages expect lines of another form than Everyline's";

/** What stages do to lines, and lines that they take. */
export function linesOfStages(stages: readonly LogStage[], from: LinesFrom = "files"): LineHandling {
  const parsed = parsedLine(stages, from);
  const made = templateFor(parsed);
  const { template, whyNoTemplate } = withFirstLine(stages, made, parsed);
  const example = template === undefined ? ownLine : exampleOf(template);
  return {
    template,
    whyNoTemplate,
    unwraps: parsed.unwraps,
    notes: stages.flatMap((stage) => noteOn(stage, example)),
  };
}

type Made = Pick<LineHandling, "template" | "whyNoTemplate">;

/** A template, if lines of a run are not taken as they are. */
function templateFor({ root, stored, isUnknown }: ParsedLine): Made {
  const isWhole = stored === root;
  if (isUnknown !== undefined) return { whyNoTemplate: isUnknown };
  if (root.form === "plain") return {};
  const takesOwn =
    root.form === "json" ? [...root.fields.keys()].every((key) => ownFields.includes(key)) : matches(root);
  if (isWhole && takesOwn) return {};
  const template = templateOf(root, stored);
  if (template !== undefined) return { template };
  // Where a line is stored as it is, it does not matter that nothing was found in it.
  return isWhole ? {} : { whyNoTemplate: expectsOthers };
}

function matches(form: TextForm): boolean {
  return form.form === "regex" && (regexOf(form.expression)?.test(ownLine) ?? false);
}

/** With a stage `multiline`, a line that does not begin as a first line does would become a part of the line before it. */
function withFirstLine(stages: readonly LogStage[], made: Made, { root }: ParsedLine): Made {
  const first = stages.find(({ kind }) => kind === "multiline")?.settings.firstline;
  const regex = typeof first === "string" ? regexOf(first) : undefined;
  if (regex === undefined || made.whyNoTemplate !== undefined) return made;
  const begins = (template: string | undefined) =>
    regex.test(template === undefined ? ownLine : exampleOf(template));
  if (begins(made.template)) return made;
  const generated = textOfRegex(first as string, () => undefined);
  const templates = ["{time} {line}", "[{time}] {line}", `${(generated ?? "").trimEnd()} {line}`];
  const template = root.form === "plain" ? templates.find(begins) : undefined;
  return template === undefined ? { whyNoTemplate: expectsOthers } : { template };
}

/** What a run has to expect of a stage, in words. */
function noteOn({ kind, settings }: LogStage, example: string): string[] {
  if (kind === "sampling")
    return [`the stage \`sampling\` keeps only a part of all lines (rate ${settings.rate})`];
  if (kind === "limit" && settings.drop === true)
    return [`the stage \`limit\` drops lines above ${settings.rate} a second`];
  if (kind === "drop" && mayDrop(settings, example))
    return [`the stage \`drop\` drops lines of a run: ${JSON.stringify(settings)}`];
  if (kind === "match" && filtersTake(`${settings.selector}`, example))
    return [`the stage \`match\` with \`action: drop\` drops lines of a run: ${settings.selector}`];
  if (kind === "filter") return ["its operator `filter` may drop lines of a run"];
  if (kind === "recombine") return ["its operator `recombine` may join lines of a run"];
  if (kind === "pack") return ["the stage `pack` stores each line within JSON"];
  if (kind === "replace" && settings.source === undefined && isFoundIn(settings.expression, example))
    return ["the stage `replace` changes lines of a run"];
  return [];
}

function mayDrop(settings: Record<string, unknown>, example: string): boolean {
  if (settings.older_than !== undefined || settings.source !== undefined) return false;
  if (settings.expression !== undefined) return isFoundIn(settings.expression, example);
  const [, size, unit = ""] = /^(\d+)\s*(k?)/i.exec(`${settings.longer_than ?? ""}`) ?? [];
  return size !== undefined && unit === "" && Number(size) < example.length;
}

function isFoundIn(expression: unknown, example: string): boolean {
  return regexOf(`${expression}`)?.test(example) ?? false;
}
