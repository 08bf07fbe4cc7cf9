import type { FileState } from "../places/instance.ts";

/** Where the lines of a load are, for those who ship them. */
export interface LinesLocation {
  /** The folder that they are in, on the place's machine. */
  folder: string;
  /** What the names of each source's files begin with, in the order of the sources. */
  fileNames: string[];
  /** Of lines that containers write to stdout: the names of the folders within it that those files are in. */
  containers?: string[];
}

/** Looks at a file of the location, by its path within the folder, as the shipper sees it; undefined if it sees none. */
export type LookAsShipper = (path: string) => Promise<FileState | undefined>;
