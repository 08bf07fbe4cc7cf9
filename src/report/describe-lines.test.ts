import { expect, it } from "vitest";
import type { RunDocument } from "../judge/run-document.ts";
import { bareFrame, frameOf, type LineFrame } from "../load/line-frame.ts";
import { describeLines } from "./describe-lines.ts";

const line = 'ts={time} level={level} msg="{line}"';

function told(stored: LineFrame | null | undefined, template: string | undefined = line): string | undefined {
  return describeLines({ plan: { sink: "victorialogs", load: { line: template } }, stored } as RunDocument);
}

it.each<[LineFrame, string]>([
  [frameOf(line), "that"],
  [bareFrame, "{line}"],
  [{ before: ['msg="'], after: ['"'] }, 'msg="{line}"'],
  [
    { ...bareFrame, within: ["log", "msg"] },
    "{line} in the field log.msg of JSON, whose other fields were not compared",
  ],
  [
    { ...frameOf(line), within: ["log"] },
    "that in the field log of JSON, whose other fields were not compared",
  ],
  [
    { before: ["at ", ": "], after: [""], isForeign: true },
    "at {time}: {line}, in which not everything is of the load",
  ],
])("says how lines are stored: %j", (stored, words) => {
  expect(told(stored)).toBe(`written as ${line}; VictoriaLogs stores ${words}`);
});

it("says only how they were written where none was seen, and nothing of Everyline's own JSON", () => {
  expect(told(null)).toBe(`written as ${line}`);
  expect(describeLines({ plan: { sink: "victorialogs", load: {} } } as RunDocument)).toBeUndefined();
  expect(describeLines({ plan: { sink: "victorialogs" } } as RunDocument)).toBeUndefined();
});
