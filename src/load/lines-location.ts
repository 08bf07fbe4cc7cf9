import type { FileState } from "../places/instance.ts";

/** Where a shipper finds the lines of a load. */
export interface LinesLocation {
  /** The folder with the files, on the machine of the place. */
  folder: string;
  /** The prefix of the names of each source's files, in the order of the sources. */
  fileNames: string[];
  /** Only for lines that containers write to stdout: the names of the subfolders that contain the files. */
  containers?: string[];
}

/** Returns the state of a file as the shipper sees it, by its path within the folder; undefined if the shipper sees no such file. */
export type LookAsShipper = (path: string) => Promise<FileState | undefined>;
