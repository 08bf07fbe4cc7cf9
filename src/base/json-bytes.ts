const quote = 0x22;
const backslash = 0x5c;
const firstPrintable = 0x20;
const longestEscape = "\\u0000".length;

/** For each control character the bytes with which JSON.stringify writes it. */
const escapes = Array.from({ length: firstPrintable }, (_, code) =>
  Buffer.from(JSON.stringify(String.fromCharCode(code)).slice(1, -1)),
);

/** How many bytes the JSON string of a text takes at most. */
export function longestJsonString(utf8Bytes: number): number {
  return longestEscape * utf8Bytes + 2;
}

/**
 * Writes the JSON string of a text, as JSON.stringify does, without making the text.
 *
 * @param target with room for `longestJsonString` behind `at`
 * @param utf8 valid UTF-8
 * @returns where the string ends in the target
 */
export function writeJsonString(target: Uint8Array, at: number, utf8: Uint8Array): number {
  const { length } = utf8;
  let end = at;
  target[end++] = quote;
  for (let index = 0; index < length; index++) {
    const byte = utf8[index]!;
    if (byte === quote || byte === backslash) target[end++] = backslash;
    else if (byte < firstPrintable) {
      end = writeControl(target, end, byte);
      continue;
    }
    target[end++] = byte;
  }
  target[end++] = quote;
  return end;
}

function writeControl(target: Uint8Array, at: number, byte: number): number {
  const escaped = escapes[byte]!;
  target.set(escaped, at);
  return at + escaped.length;
}
