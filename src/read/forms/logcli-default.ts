import { colour, prefixForm, rfc3339 } from "./form.ts";

const labels = String.raw`\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}`;
const start = `^${rfc3339} ${labels}`;
const coloured = `^${colour}${rfc3339}${colour} ${colour}${labels}`;

/**
 * logcli without `--output`: `TIME {LABELS} LINE`. Where the labels of streams differ in length logcli fills up with spaces; spaces that
 * something put before a line cannot be told from those.
 */
export const logcliDefault = prefixForm("logcli's default output", [
  new RegExp(`${start} `),
  new RegExp(`${coloured}${colour} `),
  new RegExp(`${start} +`),
  new RegExp(`${coloured} *${colour} +`),
]);
