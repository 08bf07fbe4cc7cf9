import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../base/errors.ts";
import type { ReadingDoubt } from "../judge/reasons.ts";
import { jsonLines } from "./json-lines.ts";

const lineSchema = z.object({ line: z.string() });

/** Takes one value of a file and returns how many lines or records it represents. */
type Take = (value: unknown) => number;

/** Reads the files of a stored recording and notes which of them are damaged. */
export class RecordingFiles {
  /** Files that differ from what the run wrote. */
  readonly damage: ReadingDoubt[] = [];
  readonly #folder: string;

  /** @param folder `reports/RUN_ID` */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Reads the lines of a reading.
   *
   * @param written how many lines the run wrote into the file
   */
  async readLines(file: string, written: number, onLine: (line: string) => void): Promise<void> {
    await this.read(file, written, (value) => {
      onLine(lineSchema.parse(value).line);
      return 1;
    });
  }

  /**
   * Reads the values of a file. One that is missing, cannot be read, or does not hold what the run wrote into it is noted as damage.
   *
   * @param written how many lines or records the run wrote into the file
   */
  async read(file: string, written: number, take: Take): Promise<void> {
    let lines = 0;
    try {
      for await (const value of jsonLines(join(this.#folder, file))) lines += take(value);
      if (lines !== written) this.damage.push({ code: "file-shortened", file, lines, written });
    } catch (thrown) {
      const message = thrown instanceof z.ZodError ? "a line of it has another form" : messageOf(thrown);
      this.damage.push({ code: "file-unreadable", file, message });
    }
  }
}
