import type { LineHandling } from "./shipper-settings.ts";
import { type TextForm, templateOf } from "./template-for-stages.ts";

/** A transform of Vector that lines go through, as its configuration has it. */
export interface VectorTransform {
  id: string;
  type: string;
  /** Its program in Vector's language, for `remap`. */
  source: string;
}

const jsonFields = ["time", "level", "message"];
const changesNothing = ["remap", "route", "exclusive_route", "tag_cardinality_limit", "log_to_metric"];

/**
 * What transforms do to lines.
 *
 * @param codec of the sink: `text` sends the message alone, `json` and `logfmt` the whole event
 */
export function linesOfTransforms(transforms: readonly VectorTransform[], codec: string): LineHandling {
  const handling = { unwraps: true, notes: transforms.flatMap(noteOn) };
  const program = transforms.map(({ source }) => withoutComments(source)).join("\n");
  const parsed = formParsed(program);
  if (parsed !== undefined) {
    const template = templateOf(parsed, lineIn(parsed, program));
    const whyNoTemplate =
      template === undefined ? "its transforms expect lines of a form of their own" : undefined;
    return { ...handling, template, whyNoTemplate };
  }
  if (/^\s*\.message\s*=/m.test(program) || /^\s*\.\s*=/m.test(program))
    return { ...handling, whyNoTemplate: "its transforms make another message of each line" };
  // As a text within JSON the line's own quotation marks would be escaped.
  return codec === "text" || codec === "raw_message" ? handling : { ...handling, template: "{line}" };
}

function withoutComments(source: string): string {
  return source.replace(/^\s*#.*$/gm, "");
}

/** The form that a program takes a line to be. */
function formParsed(program: string): TextForm | undefined {
  const plain = (): TextForm => ({ form: "plain" });
  const fields = (names: readonly string[]) => new Map(names.map((name) => [name, plain()]));
  const assigned = fieldAssigned(program);
  if (/parse_json!?\(/.test(program))
    return {
      form: "json",
      fields: fields(assigned === undefined ? jsonFields : ["time", "level", assigned]),
    };
  if (/parse_(logfmt|key_value)!?\(/.test(program))
    return { form: "logfmt", fields: fields(["time", "level", "msg"]) };
  const [, quoted] =
    /parse_regex!?\(\s*[\w.!()]*?\.message\)?\s*,\s*r'((?:[^'\\]|\\.)*)'/s.exec(program) ?? [];
  if (quoted === undefined) return undefined;
  const names = [...quoted.matchAll(/\(\?P?<(\w+)>/g)].map(([, name]) => name!);
  return { form: "regex", expression: quoted, groups: fields(names) };
}

/** The field of which the message is made: `msg` of `.message = .msg` and of `.message = parsed.msg`. */
function fieldAssigned(program: string): string | undefined {
  const [, field] = /^\s*\.message\s*=\s*(?:(?:string|to_string)!?\()?[\w.]*?\.(\w+)\)?/m.exec(program) ?? [];
  return field === "message" ? undefined : field;
}

function lineIn(form: TextForm, program: string): TextForm {
  const assigned = fieldAssigned(program);
  return assigned !== undefined && form.form === "json" ? form.fields.get(assigned)! : form;
}

function noteOn({ id, type, source }: VectorTransform): string[] {
  if (type === "filter") return [`its transform ${id} (filter) may drop lines of a run`];
  if (type === "sample" || type === "throttle")
    return [`its transform ${id} (${type}) keeps only a part of all lines`];
  if (type === "dedupe" || type === "reduce")
    return [`its transform ${id} (${type}) joins or drops lines of a run`];
  if (type === "remap" && /\babort\b/.test(source))
    return [`its transform ${id} drops lines for which it aborts`];
  return changesNothing.includes(type) ? [] : [`its transform ${id} (${type}) may change lines of a run`];
}
