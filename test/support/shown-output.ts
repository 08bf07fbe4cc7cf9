/**
 * Output as a page shows it and as a command prints it, without parts that differ from run to run: numbers, ids, times, paths, the frames
 * and line breaks of tables, and lines of progress.
 */
export function streamOf(text: string): string {
  return (
    text
      .split("\n")
      .filter((line) => !/^ +\d+\.\d s {2}/.test(line) && !/^added \d+ packages/.test(line))
      .join(" ")
      .replace(/[─│┌┐└┘├┤┬┴┼]/g, " ")
      .replace(/\d{8}t\d{6,9}-[\w-]+/g, "RUN")
      .replace(/(?<![\w.])\/[\w.-]+(\/[\w.-]+)+/g, "PATH")
      .replace(/\b(?=\w*\d)[0-9a-f]{7,64}\b/g, "ID")
      // Whether any line was lost must not differ from run to run.
      .replace(/\d+(?:[.,:]\d+)*/g, (number) => (/[1-9]/.test(number) ? "N" : "0"))
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** The parts of an output that a page shows, between the `…` for what is left out: lines, or the rest of one. */
export function segmentsOf(lines: string[]): string[] {
  const segments = lines.join("\n").split("…");
  return segments.map(streamOf).filter((segment) => segment !== "");
}
