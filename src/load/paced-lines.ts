import type { LinesOfRun } from "./line.ts";
import { LineEncoder } from "./line-encoder.ts";
import { maxLinesPerWrite } from "./load-plan.ts";
import { type Mark, MarkRecorder } from "./mark-recorder.ts";
import { TextBlock } from "./text-block.ts";

const tickMs = 5;
/**
 * A write holds at most the lines of this time. A thread that was busy catches up in several writes, so that it stays known about when each
 * line was written.
 */
const mostMsPerWrite = 20;
/** Room for `maxLinesPerWrite` lines of Everyline's own; fewer that are longer are written at a time. */
const blockBytes = 262_144;

/** The destination of the lines of one source. */
export interface LineOutput {
  /** Returns when all bytes are written; they are only valid until then. */
  append(bytes: Uint8Array): void;
  /** Called once, after the last line. */
  close(): void;
}

/** One source, and how many of its lines have to be written. */
interface PacedSource<Output extends LineOutput = LineOutput> {
  source: string;
  lines: number;
  output: Output;
}

/** What was written by one source. */
export interface WrittenSource {
  source: string;
  written: number;
  marks: Mark[];
}

/** A source with its progress. */
type SourceInWork<Output extends LineOutput> = PacedSource<Output> & {
  encoder: LineEncoder;
  written: number;
  marks: MarkRecorder;
};

/** What `PacedLines` needs. */
interface PacedPlan<Output extends LineOutput> extends LinesOfRun {
  sources: PacedSource<Output>[];
  /** Called after each write: how many lines of the source at this index are written. */
  onWritten: (index: number, written: number) => void;
  /** Called once, when the last line is written or the load was stopped. */
  onEnd: (sources: WrittenSource[]) => void;
  /** Called once instead, when a write has failed. */
  onFailure: (thrown: unknown) => void;
}

/**
 * Writes the sentinel of each source immediately, and the lines at the rate of their clock. A line counts as written when the write that
 * contained it has returned. A thread that was busy catches up with the lines that are due.
 */
export class PacedLines<Output extends LineOutput> {
  readonly #plan: PacedPlan<Output>;
  readonly #block: TextBlock;
  readonly #sources: SourceInWork<Output>[];
  #startedAtMs = 0;
  #isStopped = false;
  #hasEnded = false;

  /** Writes the sentinels. */
  constructor(plan: PacedPlan<Output>) {
    this.#plan = plan;
    const encoders = LineEncoder.ofSources(
      plan,
      plan.sources.map(({ source }) => source),
    );
    this.#block = new TextBlock(Math.max(blockBytes, ...encoders.map(({ longestBytes }) => longestBytes)));
    this.#sources = plan.sources.map((source, index) => ({
      ...source,
      encoder: encoders[index]!,
      written: 0,
      marks: new MarkRecorder(),
    }));
    for (const source of this.#sources) this.#append(source, 0, 0);
  }

  /** Begins to write the lines; has no effect if it was called before. */
  start(): void {
    if (this.#startedAtMs > 0) return;
    this.#startedAtMs = Date.now();
    for (const { marks } of this.#sources) marks.add(0, this.#startedAtMs);
    this.#tick();
  }

  /** Ends the load before the next write. */
  stop(): void {
    this.#isStopped = true;
    if (this.#startedAtMs === 0) this.#end();
  }

  /** Sets the last line of each source, by index; a source whose last line is already written ends at once. */
  endAt(lastLines: number[]): void {
    this.#sources.forEach((source, index) => {
      source.lines = Math.min(source.lines, Math.max(lastLines[index]!, source.written));
    });
  }

  #tick(): void {
    if (this.#isStopped || this.#sources.every(({ written, lines }) => written === lines)) {
      this.#end();
      return;
    }
    const elapsedSeconds = (Date.now() - this.#startedAtMs) / 1_000;
    const dueLines = Math.floor(elapsedSeconds * this.#plan.clock.linesPerSecond) + 1;
    const mostPerWrite = Math.ceil((this.#plan.clock.linesPerSecond * mostMsPerWrite) / 1_000);
    this.#sources.forEach((source, index) => {
      const upTo = Math.min(
        dueLines,
        source.lines,
        source.written + Math.min(maxLinesPerWrite, mostPerWrite),
      );
      if (upTo > source.written) this.#write(source, index, upTo);
    });
    const isBehind = this.#sources.some(({ written, lines }) => written < Math.min(dueLines, lines));
    if (isBehind) setImmediate(() => this.#guardedTick());
    else setTimeout(() => this.#guardedTick(), tickMs);
  }

  #guardedTick(): void {
    try {
      this.#tick();
    } catch (thrown) {
      this.#plan.onFailure(thrown);
    }
  }

  #write(source: SourceInWork<Output>, index: number, upTo: number): void {
    source.written = this.#append(source, source.written + 1, upTo);
    source.marks.add(source.written, Date.now());
    this.#plan.onWritten(index, source.written);
  }

  /** @returns the last sequence that was written, which may be below `last` */
  #append({ encoder, output }: SourceInWork<Output>, first: number, last: number): number {
    const upTo = encoder.fill(this.#block, first, last);
    output.append(this.#block.content);
    return upTo;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { output } of this.#sources) output.close();
    this.#plan.onEnd(
      this.#sources.map(({ source, written, marks }) => ({ source, written, marks: marks.list() })),
    );
  }
}
