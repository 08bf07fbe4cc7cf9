/** A LogsQL filter that matches lines with a text anywhere in them. */
export function containing(text: string): string {
  return `_msg:*${JSON.stringify(text)}*`;
}

/** A LogsQL filter that matches lines without a text. */
export function lacking(text: string): string {
  return `!${containing(text)}`;
}

/** A LogsQL filter that matches lines which are one of some texts, whole. */
export function equalToOneOf(lines: string[]): string {
  return `_msg:in(${lines.map((line) => JSON.stringify(line)).join(", ")})`;
}
