/**
 * The words of the padding: text as in a real log, and text that a careless pipeline damages, such as JSON escapes and characters of two,
 * three and four UTF-8 bytes. None contains a `/`, which occurs only in the identities of a line.
 */
const words = `
  accepted batch cache checkout client closed commit connection cursor deadline digest event fetched flush handler
  index job kept latency left lookup merge node offset opened order page payment peer pool queue ready reply request
  retry route rows scan sealed segment sent session shard slow stream sync token user
  id=7 status=200 took=13ms attempt=2 user=42 bytes=4096 50% (ok) [warn] key:value a+b x<y
  naïve Zürich señor данные Ωmega €12 東京 データ 中文 ✓ → 🚀 🧵
  ${String.raw`\"yes\" C:\\temp\\app tab\there \"quoted\"`}
`
  .trim()
  .split(/\s+/);

/** The words that no program escapes when it puts them into JSON, in quotes or into HTML. */
const plainWords = words.filter((word) => !/["\\<>&]/.test(word));
const poolWords = 8_192;
const fewestWords = 3;
const wordsSpread = 12;
/** How many words a padding has at most. */
export const mostWords = fewestWords + wordsSpread - 1;
const utf8 = new TextEncoder();

/** The text of a pool in UTF-8. */
export interface PoolBytes {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each word begins, in bytes. */
  starts: Uint32Array;
}

/** The first of the words that belong to a hash, by index. */
export function firstWordOf(hash: number): number {
  return hash % poolWords;
}

/** How many words belong to a hash: 3 to 14. */
export function wordCountOf(hash: number): number {
  return fewestWords + ((hash >>> 16) % wordsSpread);
}

/** A seeded text from which the padding of every line is cut, at word boundaries, without building a new text for each line. */
export class TextPool {
  readonly #text: string;
  readonly #starts: Uint32Array;

  /** @param isPlain whether no word may need to be escaped in JSON or logfmt */
  constructor(seed: string, isPlain = false) {
    const chosen = isPlain ? plainWords : words;
    const next = randomIntegers(hashOf(seed));
    const starts = new Uint32Array(poolWords + fewestWords + wordsSpread);
    let text = "";
    for (let index = 0; index < starts.length; index++) {
      starts[index] = text.length;
      text += `${chosen[next() % chosen.length]} `;
    }
    this.#text = text;
    this.#starts = starts;
  }

  /**
   * The padding that belongs to a hash: 3 to 14 words, valid inside a JSON string.
   *
   * @param hash any unsigned 32-bit integer, well mixed
   */
  cut(hash: number): string {
    const first = firstWordOf(hash);
    return this.#text.slice(this.#starts[first], this.#starts[first + wordCountOf(hash)]! - 1);
  }

  /** The same text as bytes: the padding that belongs to a hash ends one byte before the word behind its last. */
  bytes(): PoolBytes {
    const starts = new Uint32Array(this.#starts.length);
    for (let word = 1; word < starts.length; word++) {
      const before = this.#text.slice(this.#starts[word - 1], this.#starts[word]);
      starts[word] = starts[word - 1]! + utf8.encode(before).length;
    }
    return { bytes: utf8.encode(this.#text), starts };
  }
}

/** FNV-1a over UTF-16 code units, as an unsigned 32-bit integer. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Spreads a number over all 32 bits (the finalizer of MurmurHash3), so that the results of similar numbers are unrelated. */
function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash that the padding of a line is cut by. */
export function lineHash(sourceHash: number, sequence: number): number {
  return mixed(sourceHash ^ Math.imul(sequence, 0x9e3779b1));
}

function randomIntegers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mixed(state);
  };
}
