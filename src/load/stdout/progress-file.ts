import { closeSync, openSync, readFileSync, readSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The progress of a source's load: how many lines are written, and whether the load has ended. */
export interface Progress {
  written: number;
  hasEnded: boolean;
}

const wordBytes = 8;
const progressBytes = 2 * wordBytes;

/**
 * The file in which a generator in a container records its progress, in a folder that it shares with the run: after each write, two numbers
 * of 8 bytes in `SOURCE.progress`, and at the end its ledger in `SOURCE.ledger.json`. A record is in the page cache when the call returns,
 * so it outlives the process.
 */
export class ProgressFile {
  readonly #descriptor: number;
  readonly #ledgerPath: string;
  readonly #bytes = Buffer.alloc(progressBytes);

  private constructor(folder: string, source: string, flags: "r" | "w") {
    this.#descriptor = openSync(join(folder, `${source}.progress`), flags);
    this.#ledgerPath = join(folder, `${source}.ledger.json`);
  }

  /** Creates the file, for the generator. */
  static create(folder: string, source: string): ProgressFile {
    const file = new ProgressFile(folder, source, "w");
    file.note(0);
    return file;
  }

  /** Opens the file, for the run. */
  static open(folder: string, source: string): ProgressFile {
    return new ProgressFile(folder, source, "r");
  }

  /** Records how many lines are written. */
  note(written: number): void {
    this.#write({ written, hasEnded: false });
  }

  /** Stores the ledger, completely or not at all, and then records that the load has ended. */
  end(ledger: { written: number }): void {
    const partial = `${this.#ledgerPath}.partial`;
    writeFileSync(partial, JSON.stringify(ledger));
    renameSync(partial, this.#ledgerPath);
    this.#write({ written: ledger.written, hasEnded: true });
  }

  read(): Progress {
    const bytes = readSync(this.#descriptor, this.#bytes, 0, progressBytes, 0);
    if (bytes < progressBytes) return { written: 0, hasEnded: false };
    return {
      written: Number(this.#bytes.readBigInt64LE(0)),
      hasEnded: this.#bytes.readBigInt64LE(wordBytes) !== 0n,
    };
  }

  /** The ledger that was passed to `end`. To be called only after the load has ended. */
  readLedger(): unknown {
    return JSON.parse(readFileSync(this.#ledgerPath, "utf8"));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write({ written, hasEnded }: Progress): void {
    this.#bytes.writeBigInt64LE(BigInt(written), 0);
    this.#bytes.writeBigInt64LE(hasEnded ? 1n : 0n, wordBytes);
    writeSync(this.#descriptor, this.#bytes, 0, progressBytes, 0);
  }
}
