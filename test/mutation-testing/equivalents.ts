/** A change of the source that no test can notice, and why. */
export interface Equivalent {
  file: string;
  /** What stands there, and what it is changed into; white space does not count. */
  code: string;
  becomes: string;
  why: string;
}

const onlyACache = "the names are only remembered to save time: made anew, they are the same";
const neverALead = "the byte begins no character of any line";

/** Every change that survives `npm run mutation-testing` for a reason. */
export const equivalents: Equivalent[] = [
  {
    file: "src/judge/damage.ts",
    code: "[]",
    becomes: '["Stryker was here"]',
    why: "only what stands behind the first element is taken",
  },
  {
    file: "src/judge/damage.ts",
    code: "piece === undefined",
    becomes: "false",
    why: 'then the word "undefined" is looked for, which at most a name has, and no character of several bytes stands before a name',
  },
  {
    file: "src/judge/damage.ts",
    code: "line.charCodeAt(index) > lastSingleByte",
    becomes: "line.charCodeAt(index) >= lastSingleByte",
    why: "no line holds U+007F",
  },
  {
    file: "src/judge/observation.ts",
    code: "[]",
    becomes: '["Stryker was here"]',
    why: "a text has no torn lines",
  },
  {
    file: "src/judge/tally.ts",
    code: "sequence > this.highest",
    becomes: "sequence >= this.highest",
    why: "asked of first copies only, so the highest sequence is never the same one; the sentinel is not counted",
  },
  {
    file: "src/judge/torn-texts.ts",
    code: "start > 0",
    becomes: "true",
    why: "the loop ends at the first byte, which begins a character",
  },
  {
    file: "src/judge/torn-texts.ts",
    code: "start > 0",
    becomes: "start >= 0",
    why: "the loop ends at the first byte, which begins a character",
  },
  {
    file: "src/judge/torn-texts.ts",
    code: "lead < 0x80",
    becomes: "lead <= 0x80",
    why: neverALead,
  },
  {
    file: "src/judge/torn-texts.ts",
    code: "lead < 0xe0",
    becomes: "lead <= 0xe0",
    why: neverALead,
  },
  {
    file: "src/load/line.ts",
    code: "!text.startsWith(this.#head, start)",
    becomes: "false",
    why: "a text that begins otherwise is not what the codec makes of any line, which is asked next",
  },
  {
    file: "src/load/line.ts",
    code: "known !== undefined",
    becomes: "false",
    why: onlyACache,
  },
  ...["true", "false", "this.#sources.size > maxCachedSources", "this.#sources.size < maxCachedSources"].map(
    (becomes) => ({
      file: "src/load/line.ts",
      code: "this.#sources.size >= maxCachedSources",
      becomes,
      why: onlyACache,
    }),
  ),
  {
    file: "src/load/line.ts",
    code: "this.#sources.set(source, parts);",
    becomes: ";",
    why: onlyACache,
  },
];
