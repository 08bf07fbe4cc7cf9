import type { RunDocument } from "../judge/run-document.ts";
import { type LineFrame, lineLevel } from "../load/line-frame.ts";
import { levelField, lineField, timeField } from "../pipeline/line-template.ts";
import { sinkNameOf } from "./words/names.ts";

/** In which form lines were written and stored, if it is one of the user's own; undefined if they are Everyline's own JSON. */
export function describeLines({ plan, stored }: Pick<RunDocument, "plan" | "stored">): string | undefined {
  const template = plan.load?.line;
  if (template === undefined) return undefined;
  if (stored === null || stored === undefined) return `written as ${template}`;
  return `written as ${template}; ${sinkNameOf(plan)} stores ${describeFrame(stored, template)}`;
}

function describeFrame(frame: LineFrame, template: string): string {
  const { before, after, within, isForeign } = frame;
  const text = before.join(timeField) + lineField + after.join(timeField);
  const isWhole = text === template.replaceAll(levelField, lineLevel);
  const what = isWhole ? "that" : text;
  const place =
    within === undefined
      ? ""
      : ` in the field ${within.join(".")} of JSON, whose other fields were not compared`;
  return `${what}${place}${isForeign ? ", in which not everything is of the load" : ""}`;
}
