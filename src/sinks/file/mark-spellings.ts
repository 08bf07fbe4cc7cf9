/** A text as JSON arrays have its bytes, with and without blanks between the numbers. */
export function asNumbers(text: string): string[] {
  return [",", ", "].map((separator) => [...Buffer.from(text)].join(separator));
}

/**
 * What base64 has of a text wherever it stands in what was encoded: three forms, by the place of its first byte in a group of three. Left
 * out are the characters in which other bytes have a part.
 */
export function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const start = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(start, end);
  });
}
