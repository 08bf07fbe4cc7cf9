import { UnavailableError } from "../base/errors.ts";
import { type Ledger, type SourceLedger, sourceLedgerSchema } from "./ledger.ts";
import type { LinesOfRun } from "./line.ts";
import { ProgressFile } from "./stdout/progress-file.ts";

/** What a `StdoutFollower` needs. */
export interface StdoutFollowPlan extends LinesOfRun {
  /** The folder in which the generators record their progress. */
  folder: string;
  /** By source: how far the clock of its generator is ahead of this machine's. */
  clockOffsetsMs: ReadonlyMap<string, number>;
}

/**
 * Follows generators that write to stdout, by the progress that each records in a folder. The lines themselves cannot be seen there: a line
 * counts as written when the generator's write to the pipe has returned, whatever happened to it afterwards.
 */
export class StdoutFollower {
  readonly #plan: StdoutFollowPlan;
  readonly #sources: { source: string; file: ProgressFile; written: number; hasEnded: boolean }[];

  /** Requires that the generators have written their sentinels, so that each progress file exists. */
  constructor(plan: StdoutFollowPlan) {
    this.#plan = plan;
    this.#sources = [...plan.clockOffsetsMs.keys()].map((source) => ({
      source,
      file: ProgressFile.open(plan.folder, source),
      written: 0,
      hasEnded: false,
    }));
  }

  get written(): number {
    return this.#sources.reduce((sum, { written }) => sum + written, 0);
  }

  /** How many lines of each source are written. */
  get writtenBySource(): { source: string; written: number }[] {
    return this.#sources.map(({ source, written }) => ({ source, written }));
  }

  get isComplete(): boolean {
    return this.#sources.every(({ hasEnded }) => hasEnded);
  }

  /** Nothing to do: the generators record themselves when they begin. */
  begin(): void {}

  poll(): void {
    for (const known of this.#sources) Object.assign(known, known.file.read());
  }

  /**
   * The ledger of what was written, with the time marks of the generators if all have ended.
   *
   * @throws UnavailableError if a generator has left a ledger that is not valid
   */
  ledger(): Ledger {
    const { seed, clock, line } = this.#plan;
    const sources = this.#sources.map(({ source, written, hasEnded, file }): SourceLedger => {
      return hasEnded ? this.#ownLedger(source, file) : { source, written, marks: [] };
    });
    return {
      schema: "everyline/ledger@1",
      seed,
      clock,
      ...(line && { line: { template: line.template } }),
      sources,
    };
  }

  close(): void {
    for (const { file } of this.#sources) file.close();
  }

  /** The ledger that a generator has recorded, with times converted to this machine's clock. */
  #ownLedger(source: string, file: ProgressFile): SourceLedger {
    const parsed = sourceLedgerSchema.safeParse(file.readLedger());
    if (!parsed.success || parsed.data.source !== source)
      throw new UnavailableError(`the generator of ${source} has left a file that is not its ledger.`);
    const offsetMs = this.#plan.clockOffsetsMs.get(source)!;
    const { marks, ...rest } = parsed.data;
    return { ...rest, marks: marks.map(([sequence, atMs]) => [sequence, atMs - offsetMs]) };
  }
}
