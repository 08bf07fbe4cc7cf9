import type { SoughtTexts } from "./sink.ts";

/** Whether a stored text is, or contains, one of the texts that are sought. */
export function anyOf({ texts, are }: SoughtTexts): (stored: string) => boolean {
  const whole = new Set(texts);
  return are === "whole"
    ? (stored) => whole.has(stored)
    : (stored) => texts.some((text) => stored.includes(text));
}

/** The same texts in groups of at most so many, for a sink whose queries hold no more. */
export function inGroups({ texts, are }: SoughtTexts, size: number): SoughtTexts[] {
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, index) => ({
    texts: texts.slice(index * size, (index + 1) * size),
    are,
  }));
}
