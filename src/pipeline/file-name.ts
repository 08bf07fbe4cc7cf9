/** The names of the files that a run writes, if nothing else is said. */
export const defaultFileNames = "*.log";

/** Whether a pattern is the name of one file, so that there can be only one source of lines. */
export function isOneFile(pattern: string): boolean {
  return !pattern.includes("*");
}

/** The name of a source's file by a pattern of file names: the wildcard stands for the source. */
export function fileNameOf(pattern: string, source: string): string {
  return pattern.replace("*", () => source);
}

/**
 * Whether the pattern may match a rotated file as well, whose name is that of its file with a point and a number behind it. A shipper would
 * read it again.
 */
export function matchesRotated(pattern: string): boolean {
  return /\*(?:.*[0-9])?$/.test(pattern);
}
