import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

const mostBytes = 1_048_576;

/** How far a shipper has read a file. */
export interface FilePosition {
  /** The inode number, which distinguishes the file from others with the same name. */
  inode: number;
  bytes: number;
}

/** A log file that is read line by line, also after it was rotated: the old file first, to its end. */
export class FollowedFile {
  readonly #path: string;
  readonly #buffer = Buffer.allocUnsafe(mostBytes);
  #fd: number | undefined;
  #inode = 0;
  #bytes = 0;

  /** @param position where to continue, if the file at the path is still the same */
  constructor(path: string, position: FilePosition | undefined) {
    this.#path = path;
    if (this.#open() && position?.inode === this.#inode) this.#bytes = position.bytes;
  }

  get position(): FilePosition {
    return { inode: this.#inode, bytes: this.#bytes };
  }

  /** The new complete lines, without their newlines. */
  read(): string[] {
    if (this.#fd === undefined && !this.#open()) return [];
    if (fstatSync(this.#fd!).size < this.#bytes) this.#bytes = 0;
    const buffer = this.#buffer;
    const count = readSync(this.#fd!, buffer, 0, buffer.length, this.#bytes);
    const end = buffer.subarray(0, count).lastIndexOf("\n") + 1;
    if (end === 0) {
      this.#takeNext();
      return [];
    }
    this.#bytes += end;
    return buffer.toString("utf8", 0, end - 1).split("\n");
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): boolean {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    if (found === undefined) return false;
    this.#fd = openSync(this.#path, "r");
    this.#inode = found.ino;
    this.#bytes = 0;
    return true;
  }

  /** If the file was rotated and read to its end, continues with the file that has its name now. */
  #takeNext(): void {
    const now = statSync(this.#path, { throwIfNoEntry: false });
    if (now === undefined || now.ino === this.#inode) return;
    this.close();
    this.#open();
  }
}
