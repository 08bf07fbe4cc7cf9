import fc from "fast-check";

/** What random values are drawn by, so that they are the same each time. */
export const seed = 20_260_401;

/** Random values that are the same each time. */
export const samples = <Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number): Value[] =>
  fc.sample(arbitrary, { seed, numRuns });

/** So many random bytes. */
export const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((drawn) => Buffer.from(drawn));

/** Something that happens to bytes on their way. */
interface Damage {
  kind: string;
  at: number;
  length: number;
  bytes: Buffer;
}

/**
 * Any damage: at a place up to `maxAt`, to so many bytes, or with so many others put in.
 */
export const damages = (maxAt: number, maxLength: number, maxBytes: number): fc.Arbitrary<Damage> =>
  fc.record({
    kind: fc.constantFrom("flip", "cut", "insert", "duplicate"),
    at: fc.nat(maxAt),
    length: fc.integer({ min: 1, max: maxLength }),
    bytes: bytes(1, maxBytes),
  });

/** Bytes after a damage. */
export function damaged(body: Buffer, { kind, at, length, bytes }: Damage): Buffer {
  const start = at % (body.length + 1);
  const [before, after] = [body.subarray(0, start), body.subarray(start)];
  const piece = after.subarray(0, length);
  if (kind === "cut") return Buffer.concat([before, after.subarray(length)]);
  if (kind === "insert") return Buffer.concat([before, bytes, after]);
  if (kind === "duplicate") return Buffer.concat([before, piece, after]);
  const flipped = Buffer.from(after);
  if (flipped.length > 0) flipped[0]! ^= 1 << (length % 8);
  return Buffer.concat([before, flipped]);
}
