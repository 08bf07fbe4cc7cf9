import { UsageError } from "../base/errors.ts";
import {
  flawInTemplate,
  levelField,
  lineField,
  templateExample,
  timeField,
} from "../pipeline/line-template.ts";

/** The level of every line of a run. */
export const lineLevel = "info";

/**
 * How a line of a run stands in a text: the text before it and the text after it. Where the time of the line stands in either, that text is
 * in two pieces, or in more if the time stands in it more than once.
 */
export interface LineFrame {
  before: string[];
  after: string[];
  /** The keys that lead to the text, if it is a string in a JSON object; absent if it stands for itself. */
  within?: string[] | undefined;
  /**
   * Whether something is around the line that the load has not written. It may then differ from line to line, which a single line does not
   * show.
   */
  isForeign?: boolean | undefined;
}

/** The line alone. */
export const bareFrame: LineFrame = { before: [""], after: [""] };

/**
 * How a line stands in a user's template.
 *
 * @throws UsageError if the template is not valid
 */
export function frameOf(template: string): LineFrame {
  const flaw = flawInTemplate(template);
  if (flaw !== undefined)
    throw new UsageError(
      `${JSON.stringify(template)} is no template of a line: ${flaw}, as in ${templateExample}.`,
    );
  const [before, after] = template.replaceAll(levelField, lineLevel).split(lineField) as [string, string];
  return { before: before.split(timeField), after: after.split(timeField) };
}

/** How many characters the time of a line has: nine decimals, in UTC. */
const timeLength = "2026-01-01T00:00:00.000000000Z".length;

/** The text of a line in a frame; without what is around it in JSON. */
export function framed({ before, after }: LineFrame, line: string, time: string): string {
  return before.join(time) + line + after.join(time);
}

/** How many characters stand before the line. */
export function lengthBefore({ before }: LineFrame): number {
  return before.reduce((sum, piece) => sum + piece.length, (before.length - 1) * timeLength);
}

/** Whether a text can be the end of what stands before a line in a frame, whatever the time of the line. */
export function endsBefore({ before }: LineFrame, text: string): boolean {
  const pattern = before.join("\0".repeat(timeLength));
  if (text.length > pattern.length) return false;
  const offset = pattern.length - text.length;
  return text.split("").every((character, index) => {
    const expected = pattern[offset + index]!;
    return expected === "\0" ? /[0-9TZ:.-]/.test(character) : expected === character;
  });
}

/**
 * The text that a frame is about, within a text as it is stored: all of it, or a string in its JSON. Some programs keep the newline that
 * ended a line in such a string.
 *
 * @returns undefined if the text is not JSON, or has no such string
 */
export function textWithin({ within }: LineFrame, text: string): string | undefined {
  if (within === undefined) return text;
  let value = parsedObject(text);
  for (const key of within) value = isObject(value) ? value[key] : undefined;
  return typeof value === "string" ? withoutNewline(value) : undefined;
}

/** The strings in a JSON object, at any depth, with the keys that lead to them; none if the text is not a JSON object. */
export function stringsWithin(text: string): { within: string[]; text: string }[] {
  return [...stringsOf(parsedObject(text), [])];
}

/** Deeper than any program nests a line. */
const maxDepth = 12;

function* stringsOf(value: unknown, within: string[]): Generator<{ within: string[]; text: string }> {
  if (typeof value === "string") yield { within, text: withoutNewline(value) };
  else if (isObject(value) && within.length < maxDepth)
    for (const [key, inner] of Object.entries(value)) yield* stringsOf(inner, [...within, key]);
}

function parsedObject(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
