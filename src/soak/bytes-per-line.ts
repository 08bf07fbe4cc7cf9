import type { Ledger } from "../load/ledger.ts";
import { codecFor } from "../load/line.ts";

const mostLines = 10_000;

/** The mean length of a written line with its line end, in bytes, by up to 10,000 lines of a ledger spread evenly over all of them. */
export function bytesPerLine(ledger: Ledger): number {
  const codec = codecFor(ledger);
  const perSource = Math.ceil(mostLines / ledger.sources.length);
  const lengths = ledger.sources.flatMap(({ source, written }) => {
    const step = Math.max(1, Math.floor(written / perSource));
    const sequences = Array.from({ length: Math.floor(written / step) }, (_, index) => 1 + index * step);
    return sequences.map((sequence) => Buffer.byteLength(codec.encodeWritten(source, sequence)) + 1);
  });
  return lengths.length === 0 ? 0 : lengths.reduce((sum, bytes) => sum + bytes, 0) / lengths.length;
}
