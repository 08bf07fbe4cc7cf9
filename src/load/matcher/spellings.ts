/** How the characters of a line are written where it stands in an export, one by one. */
export type Spelling = keyof typeof spellings;

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** Every spelling whose lines are recognised as bytes. */
export const spellings = {
  /** As they are. */
  plain: (text: string) => text,
  /** As in a string of JSON. */
  json: inJson,
  /** As Go's encoder writes a string of JSON, which writes characters of HTML as numbers. */
  goJson: (text: string) =>
    inJson(text).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
};
