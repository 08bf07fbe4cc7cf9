/** A LogsQL filter that matches lines that contain a text. */
export function containing(text: string): string {
  return `_msg:*${JSON.stringify(text)}*`;
}

/** A LogsQL filter that matches lines that contain one of some texts. */
export function containingOneOf(texts: string[]): string {
  return `(${texts.map(containing).join(" or ")})`;
}

/** A LogsQL filter that matches lines that do not contain a text. */
export function lacking(text: string): string {
  return `!${containing(text)}`;
}

/** A LogsQL filter that matches lines that are equal to one of some texts. */
export function equalToOneOf(lines: string[]): string {
  return `_msg:in(${lines.map((line) => JSON.stringify(line)).join(", ")})`;
}
