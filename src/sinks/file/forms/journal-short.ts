import { prefixForm, rfc3339 } from "./form.ts";

const time = String.raw`(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|${rfc3339}|(?:[A-Z][a-z]{2} )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]+)?)`;

/** journalctl's short forms, and files of a syslog daemon: `TIME HOST PROGRAM[PID]: LINE`, or as RFC 5424 has it. */
export const journalShort = prefixForm("journalctl's short output, or syslog", [
  new RegExp(`^${time} \\S*[^\\s:] [^\\s:{]+: `),
  new RegExp(`^<\\d{1,3}>1 ${rfc3339} \\S+ \\S+ \\S+ \\S+ (?:-|\\[[^\\]]*\\]) `),
]);
