import { isUtf8 } from "node:buffer";

const longestCharacter = 4;

/** Bytes as text in the way of Go, which puts one U+FFFD for each byte that is not UTF-8. */
export function goText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = "";
  let written = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    if (length === 0) text += `${bytes.toString("utf8", written, at)}\uFFFD`;
    at += Math.max(1, length);
    if (length === 0) written = at;
  }
  return text + bytes.toString("utf8", written);
}

/** How many bytes the character at a place has; 0 if there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= longestCharacter && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}
