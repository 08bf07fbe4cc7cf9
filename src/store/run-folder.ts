import { mkdir, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, UnavailableError } from "../base/errors.ts";
import { writeWhole } from "../base/write-whole.ts";

/** The readings of a run, in their order; each is a file `observed-READING.jsonl` of its folder. */
export const readings = ["before-flush", "after-flush"] as const;

/** The folder of a run's folder that holds what Prometheus has read. */
export const metricsFolder = "metrics";

const minFreeBytes = 200_000_000;

/** `reports/RUN_ID/`: where a run keeps what it wrote, read and found. */
export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder of a run.
   *
   * @throws UnavailableError if it cannot be made or the disk is nearly full
   */
  static async create(reportsFolder: string, runId: string): Promise<RunFolder> {
    const folder = new RunFolder(join(reportsFolder, runId));
    try {
      await mkdir(folder.path, { recursive: true });
      const { bavail, bsize } = await statfs(folder.path);
      const freeBytes = bavail * bsize;
      if (freeBytes < minFreeBytes) {
        await rm(folder.path, { recursive: true });
        throw new UnavailableError(
          `the disk of ${reportsFolder} is full: ${Math.floor(freeBytes / 1e6)} MB are free, a run needs ` +
            `${minFreeBytes / 1e6} MB. Free some space, or choose another disk with --out DIR.`,
        );
      }
    } catch (thrown) {
      if (thrown instanceof UnavailableError) throw thrown;
      throw new UnavailableError(
        `the folder ${folder.path} cannot be made: ${messageOf(thrown)}. Choose another with --out DIR.`,
      );
    }
    return folder;
  }

  /** The log files that the load writes and the shipper reads; removed after the run. */
  get logs(): string {
    return join(this.path, "logs");
  }

  /** Copies of files of the user's that containers may write into; removed after the run. */
  get copies(): string {
    return join(this.path, "copies");
  }

  /** The pipeline's files as they were started. */
  get pipeline(): string {
    return join(this.path, "pipeline");
  }

  /** What Prometheus has read during the run, as blocks of its own form. */
  get metrics(): string {
    return join(this.path, metricsFolder);
  }

  /** The lines of one reading, as they were read. */
  observed(reading: string): string {
    return this.file(observedName(reading));
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async writeText(name: string, text: string): Promise<void> {
    await mkdir(dirname(this.file(name)), { recursive: true });
    await writeWhole(this.file(name), text);
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** The file name of a reading. */
export function observedName(reading: string): string {
  return `observed-${reading}.jsonl`;
}
