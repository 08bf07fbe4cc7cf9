import fc from "fast-check";
import { flawInTemplate } from "../../src/pipeline/line-template.ts";

/** Texts that a careless reader of templates trips over. */
const odd = [
  "{time}",
  "{level}",
  "{",
  "}",
  "{}",
  "{1}",
  "{{",
  "$&",
  "$1",
  "\\",
  '"',
  "'",
  "=",
  "id=",
  "end=",
  "\t",
  " ",
  "/",
  "seed-1",
  "seed-1/",
  "данные",
  "🚀",
  '{"ts":"',
  '","msg":"',
  '"}',
  "2026-01-01T00:00:00.000000000Z",
  "info",
  "Test log ",
  ",",
  ";",
  "[",
  "]",
  "<",
  "&",
];

const parts = fc.array(fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 8 })), { maxLength: 6 });

/** Valid templates of lines. */
export const templates = fc
  .tuple(parts, parts)
  .map(([before, after]) => `${before.join("")}{line}${after.join("")}`)
  .filter((template) => flawInTemplate(template) === undefined);
