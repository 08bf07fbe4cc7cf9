import { colour, prefixForm, rfc3339 } from "./form.ts";

const maybeColour = `(?:${colour})?`;
const labels = String.raw`\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}`;
const start = `^${maybeColour}${rfc3339}${maybeColour} ${maybeColour}${labels}`;

/**
 * logcli without `--output`: `TIME {LABELS} LINE`. Where the labels of streams differ in length logcli fills up with spaces; spaces that
 * something put before a line cannot be told from those.
 */
export const logcliDefault = prefixForm("logcli's default output", [
  new RegExp(`${start}${maybeColour} `),
  new RegExp(`${start} *${maybeColour} +`),
]);
