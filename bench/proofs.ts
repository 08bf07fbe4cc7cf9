import type { Contender } from "./side-by-side.ts";

type Proof = NonNullable<Contender["prove"]>;

/** That a program has read every line, each once, as it says in JSON. */
export function readEachOnce(lines: number): Proof {
  return (stdout) => {
    const { delivered, lost, duplicated } = JSON.parse(stdout);
    if (delivered !== lines || lost !== 0 || duplicated !== 0)
      throw new Error(`expected ${lines} lines, each once, got ${stdout}`);
  };
}

/** That a command has printed how many lines there are. */
export function countedLines(lines: number, command: string): Proof {
  return (stdout) => {
    if (Number(stdout) !== lines) throw new Error(`expected ${lines} lines of ${command}, got ${stdout}`);
  };
}
