import { bareFrame, frameOf, type LineFrame } from "../../src/load/line-frame.ts";

export const seed = "seed-1";
export const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 50 };
export const template = '{"ts":"{time}","log":{"level":"{level}"},"msg":"{line}"}';

/** Each way in which a sink may store the lines of the template, by what it is called in tests. */
export const frames: Readonly<Record<string, LineFrame>> = {
  "as written": frameOf(template),
  "as the line alone": bareFrame,
  "in other JSON": { ...bareFrame, within: ["m", "text"] },
  "with a prefix of the pipeline's": { before: ["INFO "], after: ["."], isForeign: true },
};

/** What a sink returns for a text that it stores in a frame. */
export function storedText({ within }: LineFrame, text: string): string {
  return within === undefined ? text : JSON.stringify({ at: text.length, m: { text } });
}
