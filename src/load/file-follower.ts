import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { UnavailableError } from "../base/errors.ts";
import { type Ledger, maxTorn, type SourceLedger, type TornLine } from "./ledger.ts";
import { type LineClock, LineCodec } from "./line.ts";
import type { LineEnd, Rotation } from "./load-plan.ts";
import { MarkRecorder } from "./mark-recorder.ts";

const newline = 0x0a;
const chunkBytes = 65_536;
/** How many chunks of a source are read before the next source is read. */
const maxChunksPerPoll = 64;
const maxShownLength = 120;
const rotatedForm = /^\.[0-9]{1,16}$/;

/** What a follower needs to know about the files. */
export interface FollowPlan {
  folder: string;
  seed: string;
  clock: LineClock;
  /** How many lines each source has to write. */
  sources: ReadonlyMap<string, number>;
}

/**
 * Follows files to which other processes write numbered lines, `SOURCE.log` in a folder, through rotations by rename and create. The files
 * alone decide what was written, whatever the writer reports, also after a crash: a line counts as written as soon as it was seen with its
 * newline.
 *
 * A writer that was killed in the middle of a line has to end the partial line with a newline and write the line again; the partial line
 * stays in the file. Any other content that is not the next line is a defect of the writer, and no run can be judged by such files.
 */
export class FileFollower {
  readonly #plan: FollowPlan;
  readonly #files: SourceFiles[];

  constructor(plan: FollowPlan) {
    this.#plan = plan;
    const codec = new LineCodec(plan.seed, plan.clock);
    this.#files = [...plan.sources].map(
      ([source, lines]) => new SourceFiles(plan.folder, source, lines, codec),
    );
  }

  /** How many lines are in the files, without sentinels. */
  get written(): number {
    return this.#files.reduce((sum, { written }) => sum + written, 0);
  }

  /** Whether every source has written all its lines. */
  get isComplete(): boolean {
    return this.#files.every((file) => file.written === file.lines);
  }

  /** How often each source's file has been rotated, and the time of the last rotation. */
  get rotations(): { count: number; last: Rotation | undefined }[] {
    return this.#files.map(({ rotations }) => rotations);
  }

  /** The end of each source's file, as far as it has been read. */
  get ends(): LineEnd[] {
    return this.#files.map(({ end }) => end);
  }

  /** Marks the beginning of the load, so that the first lines have a lower bound for their time of writing as well. */
  begin(): void {
    for (const { marks } of this.#files) marks.add(0, Date.now());
  }

  /**
   * Reads what is new.
   *
   * @throws UnavailableError if a run cannot be judged by these files
   */
  poll(): void {
    for (const file of this.#files) file.poll();
  }

  /** The ledger of what was written, with the times at which it was seen. */
  ledger(): Ledger {
    const { seed, clock } = this.#plan;
    return { schema: "everyline/ledger@1", seed, clock, sources: this.#files.map((file) => file.ledger()) };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }
}

/** A file that is being read, with the number in its name if it was already rotated when it was opened. */
interface OpenFile {
  descriptor: number;
  inode: number;
  stamp: number | undefined;
}

/** The file of one source, including its rotated files. */
class SourceFiles {
  readonly lines: number;
  readonly marks = new MarkRecorder();
  readonly rotations: { count: number; last: Rotation | undefined } = { count: 0, last: undefined };
  readonly #folder: string;
  readonly #source: string;
  readonly #codec: LineCodec;
  readonly #chunk = Buffer.allocUnsafe(chunkBytes);
  readonly #torn: TornLine[] = [];
  #file: OpenFile | undefined;
  #position = 0;
  /** The text after the last newline. */
  #unfinished = Buffer.alloc(0);
  /** The next expected line; 0 is the sentinel. */
  #next = 0;
  #nextBytes: Buffer;

  constructor(folder: string, source: string, lines: number, codec: LineCodec) {
    this.lines = lines;
    this.#folder = folder;
    this.#source = source;
    this.#codec = codec;
    this.#nextBytes = this.#encodeNext();
  }

  get written(): number {
    return Math.max(0, this.#next - 1);
  }

  get end(): LineEnd {
    return {
      source: this.#source,
      sequence: this.#next,
      bytes: this.#unfinished.length,
      lineBytes: this.#nextBytes.length,
    };
  }

  ledger(): SourceLedger {
    const torn = this.#torn.length === 0 ? {} : { torn: this.#torn.map((line) => ({ ...line })) };
    return { source: this.#source, written: this.written, marks: this.marks.list(), ...torn };
  }

  poll(): void {
    this.#file ??= this.#successor();
    if (this.#file === undefined) return;
    while (this.#readToEnd()) {
      const successor = this.#successor();
      if (successor === undefined) return;
      // Once the new file exists, nothing more is written to the old one, so this reads its last content.
      const isDrained = this.#readToEnd();
      if (isDrained) this.#switchTo(successor);
      else closeSync(successor.descriptor);
    }
  }

  close(): void {
    if (this.#file) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  get #path(): string {
    return join(this.#folder, `${this.#source}.log`);
  }

  #pathOf(stamp: number | undefined): string {
    return stamp === undefined ? this.#path : `${this.#path}.${stamp}`;
  }

  /** @returns false if there is more to read */
  #readToEnd(): boolean {
    for (let chunks = 0; chunks < maxChunksPerPoll; chunks++) {
      const { descriptor } = this.#file!;
      const bytes = readSync(descriptor, this.#chunk, 0, chunkBytes, this.#position);
      const seenAtMs = Date.now();
      if (bytes === 0) {
        if (fstatSync(descriptor).size < this.#position) this.#fail("was truncated");
        return true;
      }
      this.#position += bytes;
      const before = this.written;
      this.#take(this.#chunk.subarray(0, bytes));
      if (this.written > before) this.marks.add(this.written, seenAtMs);
    }
    return false;
  }

  #take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#takeLine(Buffer.concat([this.#unfinished, chunk.subarray(start, end)]));
      this.#unfinished = Buffer.alloc(0);
      start = end + 1;
    }
    this.#unfinished = Buffer.concat([this.#unfinished, chunk.subarray(start)]);
    if (!this.#isBeginning(this.#unfinished)) this.#failAt(this.#unfinished);
  }

  #takeLine(line: Buffer): void {
    if (this.#next > this.lines) this.#failAt(line);
    if (line.equals(this.#nextBytes)) {
      this.#next++;
      this.#nextBytes = this.#encodeNext();
      return;
    }
    if (line.length === 0 || !this.#isBeginning(line)) this.#failAt(line);
    if (this.#torn.length === maxTorn) this.#fail(`has more than ${maxTorn} partial lines`);
    this.#torn.push({ sequence: this.#next, bytes: line.length });
  }

  /** Whether a text is the beginning of the next line; the empty text is. */
  #isBeginning(text: Buffer): boolean {
    return this.#nextBytes.subarray(0, text.length).equals(text);
  }

  #encodeNext(): Buffer {
    return Buffer.from(this.#codec.encode(this.#source, this.#next));
  }

  /**
   * The file that was created when the current one was renamed, or the first file; undefined if the current one was not renamed, or there is
   * no new file yet.
   */
  #successor(): OpenFile | undefined {
    if (statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#file?.inode) return undefined;
    // Opened before the others are listed, so that a file which was created and rotated in between is among those.
    const newest = this.#open(undefined);
    if (newest === undefined) return undefined;
    const successor = this.#rotatedSince();
    if (successor === undefined) return newest;
    closeSync(newest.descriptor);
    return this.#open(successor);
  }

  /** The number of the file that was rotated next after the current one, or first; undefined if there is none. */
  #rotatedSince(): number | undefined {
    const name = `${this.#source}.log`;
    const stamps = readdirSync(this.#folder)
      .filter((entry) => entry.startsWith(name) && rotatedForm.test(entry.slice(name.length)))
      .map((entry) => Number(entry.slice(name.length + 1)))
      .sort((one, other) => one - other);
    if (this.#file === undefined) return stamps[0];
    const { inode, stamp } = this.#file;
    const own = stamp ?? stamps.findLast((candidate) => statSync(this.#pathOf(candidate)).ino === inode);
    if (own === undefined) this.#fail("was replaced, not rotated: it has none of the names SOURCE.log.TIME");
    return stamps[stamps.indexOf(own) + 1];
  }

  #switchTo(successor: OpenFile): void {
    if (this.#unfinished.length > 0) this.#fail(`was rotated in the middle of line ${this.#next}`);
    this.rotations.count++;
    this.rotations.last = { source: this.#source, bytes: this.#position, afterSequence: this.written };
    this.close();
    this.#file = successor;
    this.#position = 0;
  }

  #open(stamp: number | undefined): OpenFile | undefined {
    try {
      const descriptor = openSync(this.#pathOf(stamp), "r");
      return { descriptor, inode: fstatSync(descriptor).ino, stamp };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw thrown;
    }
  }

  #failAt(text: Buffer): never {
    const found = text.toString();
    const identity = this.#codec.decode(found);
    const what =
      identity === undefined
        ? `holds ${JSON.stringify(found.slice(0, maxShownLength))}`
        : `holds line ${identity.sequence} of ${identity.source}`;
    const expected =
      this.#next > this.lines
        ? `no line was expected after line ${this.lines}`
        : `line ${this.#next} was expected`;
    this.#fail(`${what} where ${expected}`);
  }

  #fail(what: string): never {
    throw new UnavailableError(
      `the file ${this.#source}.log that the application writes ${what}. No run can be judged by such a file: ` +
        "the application has to write one line after the other, and to write a line again after a partial one.",
    );
  }
}
